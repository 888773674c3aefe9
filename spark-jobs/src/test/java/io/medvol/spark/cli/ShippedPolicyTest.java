package io.medvol.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.medvol.data.phantom.PhantomConfig;
import io.medvol.data.phantom.PhantomFolder;
import io.medvol.data.storage.LocalStorage;
import io.medvol.model.tiny.PolicyBundle;
import io.medvol.spark.SharedSpark;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the policy that comes with the platform can do, on phantoms of a seed nothing was made by.
 */
class ShippedPolicyTest {
  private static final double DICE_FLOOR = 0.45;

  @TempDir private Path folder;

  @Test
  void itAnswersInFormAndFindsWhatIsAskedFor() throws IOException {
    SharedSpark.session();
    Path scans = folder.resolve("scans");
    Path shards = folder.resolve("shards");
    PhantomFolder.write(
        new LocalStorage(),
        scans.toString(),
        new PhantomConfig(4, 990_001, 12, 40, 40, 0.04, 25, 0, 0.1));
    run("prepare", "--input", scans, "--output", shards, "--set", "prepare.shown-slices=8");
    PolicyBundle.unpack(folder.resolve("model"));
    Path out = folder.resolve("evaluation");
    run(
        "evaluate",
        "--shards",
        shards,
        "--model",
        folder.resolve("model"),
        "--run",
        out,
        "--set",
        "propagator.type=medsam2",
        "--set",
        "propagator.checkpoint=bundle",
        "--set",
        "evaluation.max-samples=16",
        "--set",
        "evaluation.max-completion-length=32");
    JsonNode metrics =
        new ObjectMapper().readTree(out.resolve("summary.json").toFile()).path("metrics");
    assertThat(metrics.path("eval_unparsable_share").asDouble(1)).isZero();
    assertThat(metrics.path("eval_dice").asDouble()).isGreaterThan(DICE_FLOOR);
  }

  private static void run(Object... arguments) {
    String[] texts = new String[arguments.length];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = arguments[i].toString();
    }
    CommandLineResult result = CommandLineResult.of(texts);
    assertThat(result.err()).isEmpty();
    assertThat(result.status()).isZero();
  }
}
