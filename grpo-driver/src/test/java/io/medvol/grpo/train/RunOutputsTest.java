package io.medvol.grpo.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.data.storage.LocalStorage;
import io.medvol.grpo.fixture.TinyRun;
import io.medvol.grpo.metrics.JsonLinesMetrics;
import io.medvol.grpo.metrics.TrajectorySink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunOutputsTest {
  @TempDir private Path run;

  private RunOutputs outputs() {
    return new RunOutputs(
        TinyRun.checkpoints(run, 1),
        JsonLinesMetrics.open(new LocalStorage(), run.resolve("metrics.jsonl").toString()),
        TrajectorySink.none());
  }

  @Test
  void stepsWhoseMetricsAreGoneAreNamed() throws IOException {
    assertThat(outputs().lostBefore(0)).isEmpty();
    Files.writeString(
        run.resolve("metrics.jsonl"), "{\"step\": 2}\n{\"step\": 3}\n{\"step\": 5}\n");
    assertThat(outputs().lostBefore(8))
        .contains(
            "metrics.jsonl lacks step 0-1, 4, 6-7; those steps are done and are not recorded"
                + " again.");
    Files.writeString(run.resolve("metrics.jsonl"), "{\"step\": 0}\n");
    assertThat(outputs().lostBefore(1)).isEmpty();
  }
}
