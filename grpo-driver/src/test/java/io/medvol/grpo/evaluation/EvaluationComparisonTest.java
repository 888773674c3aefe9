package io.medvol.grpo.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.error.MedVolException;
import io.medvol.data.example.ChoiceSample;
import io.medvol.reward.RewardBreakdown;
import io.medvol.reward.RewardValue;
import io.medvol.reward.choice.ChoiceRewards;
import io.medvol.reward.localisation.AnswerStatus;
import io.medvol.rollout.worker.EvaluationOutcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EvaluationComparisonTest {
  private static final String ACCURACY = "eval_accuracy-minus-baseline";

  @Test
  void samplesOfBothAreComparedOneByOne() {
    Map<?, ?> found = compared(30, 1);
    assertThat((Double) found.get("mean")).isEqualTo(10 / 30.0);
    assertThat((Double) found.get("ci95-low")).isBetween(0.1, 0.25);
    assertThat((Double) found.get("ci95-high")).isBetween(0.4, 0.6);
    assertThat((Double) found.get("p-value")).isLessThan(0.01);
    assertThat(found.get("samples")).isEqualTo(30);
    assertThat(found.get("scans")).isEqualTo(30);
  }

  @Test
  void copiesOfAPicturesQuestionsMakeNoDifferenceClearer() {
    Map<?, ?> once = compared(9, 1);
    Map<?, ?> copied = compared(9, 10);
    assertThat(copied.get("samples")).isEqualTo(90);
    assertThat(copied.get("scans")).isEqualTo(9);
    for (String field : List.of("mean", "ci95-low", "ci95-high", "p-value")) {
      assertThat(copied.get(field)).as(field).isEqualTo(once.get(field));
    }
  }

  @Test
  void evaluationsOfOtherSamplesAreRefused() {
    assertThatThrownBy(
            () ->
                new EvaluationComparison(List.of(answer("a", 0, 1)), Map.of("b", Map.of()))
                    .metrics())
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("same shards");
  }

  /**
   * A third of the pictures is answered rightly by the policy alone, none by the baseline alone.
   */
  private static Map<?, ?> compared(int pictures, int questions) {
    List<EvaluationOutcome> policy = new ArrayList<>();
    Map<String, Map<String, Double>> baseline = new HashMap<>();
    for (int i = 0; i < pictures; i++) {
      for (int q = 0; q < questions; q++) {
        policy.add(answer("p" + i, q, i % 3 == 0 ? 0 : 1));
        baseline.put("p" + i + "/" + q, Map.of("accuracy", i % 3 == 2 ? 1.0 : 0.0));
      }
    }
    policy.add(answer("alone", 0, 0));
    Map<String, Object> metrics = new EvaluationComparison(policy, baseline).metrics();
    assertThat(metrics).containsOnlyKeys(ACCURACY);
    return (Map<?, ?>) metrics.get(ACCURACY);
  }

  private static EvaluationOutcome answer(String picture, int question, double accuracy) {
    return new EvaluationOutcome(
        new ChoiceSample(
            picture + "/" + question, picture, "Which?", List.of("1", "2"), 1, "CT", "Grading"),
        null,
        new RewardBreakdown(Map.of(ChoiceRewards.ACCURACY, RewardValue.ok(accuracy)), accuracy),
        AnswerStatus.ANSWERED,
        null,
        Double.NaN,
        Map.of(),
        null,
        "",
        3,
        0.2);
  }
}
