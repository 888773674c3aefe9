package io.medvol.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The negative control at length, minutes: {@code ./mvnw verify -Pnightly}. The quickstart as it
 * is, but what answers earned is dealt out at random.
 */
class ShuffledRewardsNightly {
  @TempDir private Path folder;

  @Test
  void grpoOnShuffledRewardsDoesNotImprove() throws IOException {
    Path run = folder.resolve("control");
    CommandLineResult result =
        CommandLineResult.of(
            "quickstart", "--run", run.toString(), "--set", "grpo.shuffle-rewards=true");
    assertThat(result.err()).isEmpty();
    assertThat(result.status()).isZero();
    JsonNode dice =
        new ObjectMapper()
            .readTree(run.resolve("summary.json").toFile())
            .path("metrics")
            .path("dice");
    assertThat(dice.path("grpo-minus-sft").path("ci95-low").asDouble(1)).isLessThanOrEqualTo(0);
  }
}
