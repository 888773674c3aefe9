package io.medvol.spark.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressMetricsTest {
  private final List<String> said = new ArrayList<>();
  private final ProgressMetrics metrics =
      new ProgressMetrics(
          new Progress() {
            @Override
            public void say(String line) {
              said.add(line.strip());
            }

            @Override
            public void begin(String phase) {}

            @Override
            public void update(long done, long total, String note) {}
          },
          9);

  @Test
  void whatFailedAndWhyIsSaidOnceForEachReason() {
    metrics.record(0, Map.of("failed_prompts", 0, "failed_rewards", 0L));
    assertThat(said).isEmpty();
    metrics.record(
        1, Map.of("failed_prompts", 2, "failures", "v1/a: No such slice.\nv1/b: No such slice."));
    metrics.record(2, Map.of("failed_prompts", 1, "failures", "v2/c: No such slice."));
    metrics.record(3, Map.of("failed_prompts", 1, "failures", "v2/c: Its prompt is too long."));
    metrics.record(4, Map.of("failed_prompts", 0, "failed_rewards", 7L));
    metrics.record(5, Map.of("failed_prompts", 0, "failed_rewards", 8L));
    assertThat(said)
        .containsExactly(
            "Step 2 left 2 samples out that failed; the first: sample v1/a: No such slice.",
            "Step 4 left 1 samples out that failed; the first: sample v2/c: Its prompt is too long.",
            "Step 5: 7 completions have no usable reward; the trajectory table says why.");
  }
}
