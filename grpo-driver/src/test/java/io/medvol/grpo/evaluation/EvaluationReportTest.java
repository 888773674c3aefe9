package io.medvol.grpo.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.medvol.data.example.ChoiceSample;
import io.medvol.reward.RewardBreakdown;
import io.medvol.reward.RewardValue;
import io.medvol.reward.choice.ChoiceRewards;
import io.medvol.reward.localisation.AnswerStatus;
import io.medvol.rollout.worker.EvaluationOutcome;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class EvaluationReportTest {
  private static final Offset<Double> EXACT = within(1e-12);

  @Test
  void everyMeasureHasItsMeanInsideItsInterval() {
    Map<String, Object> metrics =
        new EvaluationReport(
                List.of(
                    answered("a", 0.2, Map.of("iou", 0.1)),
                    answered("b", 0.4, Map.of("iou", 0.3)),
                    answered("c", 0.9, Map.of())))
            .metrics();
    assertThat(number(metrics, "eval_dice")).isCloseTo(0.5, EXACT);
    assertThat(number(metrics, "eval_dice_low")).isBetween(0.2, 0.4);
    assertThat(number(metrics, "eval_dice_high")).isBetween(0.6, 0.9);
    assertThat(number(metrics, "eval_iou")).isCloseTo(0.2, EXACT);
    assertThat(number(metrics, "eval_iou_low")).isCloseTo(0.1, EXACT);
    assertThat(number(metrics, "eval_iou_high")).isCloseTo(0.3, EXACT);
  }

  @Test
  void copiesOfTheQuestionsAboutAScanNarrowNoInterval() {
    List<EvaluationOutcome> once =
        List.of(chosen("a", 1), chosen("b", 0), chosen("c", 1), chosen("d", 0));
    List<EvaluationOutcome> tenTimes =
        IntStream.range(0, 10)
            .mapToObj(copy -> once.stream().map(outcome -> copy(outcome, copy)).toList())
            .flatMap(List::stream)
            .toList();
    Map<String, Object> metrics = new EvaluationReport(once).metrics();
    Map<String, Object> copied = new EvaluationReport(tenTimes).metrics();
    for (String name : List.of("eval_accuracy", "eval_accuracy_low", "eval_accuracy_high")) {
      assertThat(number(copied, name)).as(name).isCloseTo(number(metrics, name), EXACT);
    }
  }

  @Test
  void aFailedSampleCountsInNoMeanAndIsCounted() {
    ChoiceSample sample = sample("v");
    Map<String, Object> metrics =
        new EvaluationReport(
                List.of(answered(0.5, Map.of()), EvaluationOutcome.failed(sample, "unreadable")))
            .metrics();
    assertThat(number(metrics, "eval_dice")).isCloseTo(0.5, EXACT);
    assertThat(metrics).containsEntry("eval_failures", 1L);
    assertThat(number(metrics, "eval_failure_rate")).isCloseTo(0.5, EXACT);
  }

  @Test
  void calibrationComparesTheConfidenceWithTheDice() {
    Map<String, Object> metrics =
        new EvaluationReport(
                List.of(
                    answered(1, Map.of(EvaluationOutcome.CONFIDENCE, 0.9)),
                    answered(0, Map.of(EvaluationOutcome.CONFIDENCE, 0.2))))
            .metrics();
    // Bins of one case each, 0.1 and 0.2 off.
    assertThat(number(metrics, "eval_ece")).isCloseTo(0.15, EXACT);
    // Nothing lacks with the surer answer alone, half with both.
    assertThat(number(metrics, "eval_aurc")).isCloseTo(0.25, EXACT);
  }

  @Test
  void choicesAreCalibratedByTheirAccuracy() {
    Map<String, Object> metrics =
        new EvaluationReport(
                List.of(
                    chosen(1, Map.of(EvaluationOutcome.CONFIDENCE, 0.9)),
                    chosen(0, Map.of(EvaluationOutcome.CONFIDENCE, 0.2))))
            .metrics();
    assertThat(metrics).doesNotContainKey("eval_dice");
    assertThat(number(metrics, "eval_ece")).isCloseTo(0.15, EXACT);
    assertThat(number(metrics, "eval_aurc")).isCloseTo(0.25, EXACT);
  }

  @Test
  void withoutConfidencesThereIsNoCalibration() {
    assertThat(new EvaluationReport(List.of(answered(1, Map.of()))).metrics())
        .doesNotContainKeys("eval_ece", "eval_aurc");
  }

  private static EvaluationOutcome copy(EvaluationOutcome outcome, int copy) {
    ChoiceSample of = (ChoiceSample) outcome.sample();
    return outcome(
        new ChoiceSample(
            of.id() + copy,
            of.imageId(),
            of.question(),
            of.options(),
            of.answer(),
            of.modality(),
            of.questionType()),
        ChoiceAccuracy.of(outcome),
        Double.NaN,
        Map.of());
  }

  private static EvaluationOutcome answered(double dice, Map<String, Double> measures) {
    return answered("v", dice, measures);
  }

  private static EvaluationOutcome answered(
      String scan, double dice, Map<String, Double> measures) {
    return outcome(sample(scan), dice, dice, measures);
  }

  private static EvaluationOutcome chosen(double accuracy, Map<String, Double> measures) {
    return outcome(sample("v"), accuracy, Double.NaN, measures);
  }

  private static EvaluationOutcome chosen(String picture, double accuracy) {
    return outcome(sample(picture), accuracy, Double.NaN, Map.of());
  }

  private static EvaluationOutcome outcome(
      ChoiceSample sample, double accuracy, double dice, Map<String, Double> measures) {
    return new EvaluationOutcome(
        sample,
        null,
        new RewardBreakdown(Map.of(ChoiceRewards.ACCURACY, RewardValue.ok(accuracy)), accuracy),
        AnswerStatus.ANSWERED,
        null,
        dice,
        measures,
        null,
        "",
        3,
        0.2);
  }

  private static ChoiceSample sample(String picture) {
    return new ChoiceSample(
        picture + "/grade", picture, "Which grade?", List.of("1", "2"), 1, "CT", "Grading");
  }

  private static double number(Map<String, Object> metrics, String name) {
    return (Double) metrics.get(name);
  }
}
