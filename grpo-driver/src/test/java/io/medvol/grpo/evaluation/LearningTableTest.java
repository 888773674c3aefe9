package io.medvol.grpo.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.medvol.data.example.BoxRule;
import io.medvol.data.example.VrsSample;
import io.medvol.data.volume.PixelBox;
import io.medvol.reward.RewardBreakdown;
import io.medvol.reward.RewardValue;
import io.medvol.reward.localisation.AnswerStatus;
import io.medvol.reward.localisation.Evidence;
import io.medvol.reward.metric.ConfidenceInterval;
import io.medvol.rollout.worker.EvaluationOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class LearningTableTest {
  private static final Offset<Double> EXACT = within(1e-12);

  @Test
  void intervalsAreOverScansHoweverManyQuestionsTheyHave() {
    LearningTable.Row row =
        new LearningTable.Row(
            "a", "A", List.of(answer("v-1", 0, 0.9), answer("v-1", 1, 0.7), answer("v-2", 0, 0.2)));
    ConfidenceInterval dice = new LearningTable(List.of(row)).dice(row);
    assertThat(dice.mean()).isCloseTo(0.6, EXACT);
    assertThat(dice.low()).isCloseTo(0.2, EXACT);
    assertThat(dice.high()).isCloseTo(0.8, EXACT);
  }

  @Test
  void tableAndReportHaveTheSameInterval() {
    List<EvaluationOutcome> outcomes = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      outcomes.add(answer("v-" + i % 5, i, 0.08 * i));
    }
    LearningTable.Row row = new LearningTable.Row("a", "A", outcomes);
    ConfidenceInterval dice = new LearningTable(List.of(row)).dice(row);
    assertThat(new EvaluationReport(outcomes).metrics())
        .containsEntry("eval_dice", dice.mean())
        .containsEntry("eval_dice_low", dice.low())
        .containsEntry("eval_dice_high", dice.high());
  }

  @Test
  void oneScanHasNoInterval() {
    LearningTable.Row row =
        new LearningTable.Row("a", "A", List.of(answer("v", 0, 0.9), answer("v", 1, 0.7)));
    LearningTable table = new LearningTable(List.of(row));
    assertThat(table.text()).contains("0.800 [one scan]");
    assertThat(table.dice(List.of())).containsEntry("a", Map.of("mean", 0.8));
  }

  @Test
  void differencesArePairedByScan() {
    List<EvaluationOutcome> before = new ArrayList<>();
    List<EvaluationOutcome> after = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      before.add(answer("v-" + i, i, 0.1 * i));
      after.add(answer("v-" + i, i, 0.1 * i + 0.05));
    }
    LearningTable table =
        new LearningTable(
            List.of(
                new LearningTable.Row("sft", "SFT", before),
                new LearningTable.Row("grpo", "SFT + GRPO", after)));
    ConfidenceInterval gain = table.difference("grpo", "sft");
    assertThat(gain.mean()).isCloseTo(0.05, EXACT);
    assertThat(gain.low()).isCloseTo(0.05, within(1e-9));
    assertThat(table.dice(List.of(List.of("grpo", "sft"))))
        .containsOnlyKeys("sft", "grpo", "grpo-minus-sft");
    assertThat(table.text()).contains("SFT + GRPO", "0.300 [");
  }

  @Test
  void spreadTellsReadingFromAConstant() {
    List<EvaluationOutcome> reading = new ArrayList<>();
    List<EvaluationOutcome> constant = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      reading.add(answer("v-" + i, i, 0.5));
      constant.add(at(answer("v-" + i, i, 0.5), 2));
    }
    LearningTable table =
        new LearningTable(
            List.of(
                new LearningTable.Row("reading", "", reading),
                new LearningTable.Row("constant", "", constant)));
    assertThat(table.spread("reading").get("liver").correlation()).isCloseTo(1, within(1e-9));
    assertThat(table.spread("reading").get("liver").answered())
        .isCloseTo(Math.sqrt(2.5), within(1e-9));
    assertThat(table.spread("constant").get("liver").answered()).isZero();
    assertThat(table.spread("constant").get("liver").correlation()).isZero();
  }

  @Test
  void anUnparsableAnswerIsAFailure() {
    EvaluationOutcome unreadable =
        new EvaluationOutcome(
            sample("v-1", 0),
            null,
            reward(0),
            AnswerStatus.UNPARSABLE,
            null,
            0,
            Map.of(),
            null,
            "",
            1,
            0);
    LearningTable.Row row =
        new LearningTable.Row("a", "A", List.of(unreadable, answer("v-2", 1, 1)));
    assertThat(new LearningTable(List.of(row)).measures(row))
        .containsEntry("failure-rate", 0.5)
        .containsEntry("reward", 0.5);
  }

  /** An answer on the key slice. */
  private static EvaluationOutcome answer(String scan, int keySlice, double dice) {
    return at(
        new EvaluationOutcome(
            sample(scan, keySlice),
            null,
            reward(dice),
            AnswerStatus.ANSWERED,
            null,
            dice,
            Map.of("key_slice_hit", 1.0, "box_iou", dice),
            null,
            "",
            1,
            0),
        keySlice);
  }

  private static EvaluationOutcome at(EvaluationOutcome outcome, int slice) {
    return new EvaluationOutcome(
        outcome.sample(),
        null,
        outcome.reward(),
        outcome.answer(),
        new Evidence(slice, List.of()),
        outcome.dice(),
        outcome.measures(),
        null,
        "",
        1,
        0);
  }

  private static RewardBreakdown reward(double value) {
    return new RewardBreakdown(Map.of("format", RewardValue.ok(value)), value);
  }

  private static VrsSample sample(String scan, int keySlice) {
    return new VrsSample(
        scan + "-" + keySlice,
        scan,
        "Where?",
        "liver",
        List.of(1),
        new BoxRule.Single(),
        List.of(0, 1, 2, 3, 4, 5),
        keySlice,
        List.of(new PixelBox(0, 0, 1, 1)));
  }
}
