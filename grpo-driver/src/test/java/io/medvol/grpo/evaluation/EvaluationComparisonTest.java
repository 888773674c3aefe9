package io.medvol.grpo.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.error.MedVolException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EvaluationComparisonTest {
  @Test
  void samplesOfBothAreComparedOneByOne() {
    Map<String, Map<String, Double>> policy = new HashMap<>();
    Map<String, Map<String, Double>> baseline = new HashMap<>();
    for (int i = 0; i < 30; i++) {
      policy.put("q" + i, Map.of("accuracy", i % 3 == 0 ? 0.0 : 1.0, "dice", Double.NaN));
      baseline.put("q" + i, Map.of("accuracy", i % 3 == 2 ? 1.0 : 0.0, "dice", Double.NaN));
    }
    policy.put("alone", Map.of("accuracy", 0.0));
    Map<String, Object> metrics = new EvaluationComparison(policy, baseline).metrics();
    assertThat(metrics).containsOnlyKeys("eval_accuracy-minus-baseline");
    Map<?, ?> found = (Map<?, ?>) metrics.get("eval_accuracy-minus-baseline");
    assertThat((Double) found.get("mean")).isEqualTo(10 / 30.0);
    assertThat((Double) found.get("ci95-low")).isBetween(0.1, 0.25);
    assertThat((Double) found.get("ci95-high")).isBetween(0.4, 0.6);
    assertThat((Double) found.get("p-value")).isLessThan(0.01);
    assertThat(found.get("samples")).isEqualTo(30);
  }

  @Test
  void evaluationsOfOtherSamplesAreRefused() {
    assertThatThrownBy(
            () -> new EvaluationComparison(Map.of("a", Map.of()), Map.of("b", Map.of())).metrics())
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("same shards");
  }
}
