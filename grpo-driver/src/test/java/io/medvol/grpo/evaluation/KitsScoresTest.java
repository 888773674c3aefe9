package io.medvol.grpo.evaluation;

import static io.medvol.reward.metric.HierarchicalClass.Structure.CYST;
import static io.medvol.reward.metric.HierarchicalClass.Structure.KIDNEY;
import static io.medvol.reward.metric.HierarchicalClass.Structure.TUMOR;
import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.data.example.BoxRule;
import io.medvol.data.example.VrsSample;
import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.MaskRuns;
import io.medvol.reward.RewardBreakdown;
import io.medvol.reward.localisation.AnswerStatus;
import io.medvol.reward.metric.HierarchicalClass.Structure;
import io.medvol.reward.metric.VoxelSpacing;
import io.medvol.rollout.worker.EvaluationOutcome;
import io.medvol.rollout.worker.StructureMasks;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KitsScoresTest {
  private static final GridSize SIZE = new GridSize(1, 1, 40);

  @Test
  void aTumorCalledACystIsAnErrorOfItsOwnClassAlone() {
    Map<String, double[]> values =
        KitsScores.of(
                List.of(
                    outcome("v", KIDNEY, AnswerStatus.ANSWERED, mask(0, 8), mask(0, 8)),
                    outcome("v", TUMOR, AnswerStatus.ANSWERED, mask(), mask(20, 24)),
                    outcome("v", CYST, AnswerStatus.ANSWERED, mask(20, 24), mask())))
            .values();
    assertThat(values.get("kidney_and_masses/dice")).containsExactly(1);
    assertThat(values.get("masses/dice")).containsExactly(1);
    assertThat(values.get("masses/nsd")).containsExactly(1);
    assertThat(values.get("tumor/dice")).containsExactly(0);
    assertThat(values.get("tumor/nsd")).containsExactly(0);
  }

  @Test
  void anAnswerThatCannotBeReadIsNoRightAbsence() {
    Map<String, double[]> values =
        KitsScores.of(
                List.of(
                    outcome("v", KIDNEY, AnswerStatus.ANSWERED, mask(0, 6), mask(0, 8)),
                    outcome("v", TUMOR, AnswerStatus.UNPARSABLE, mask(), mask()),
                    outcome("v", CYST, AnswerStatus.ABSTAINED, mask(), mask())))
            .values();
    assertThat(values.get("tumor/dice")).containsExactly(0);
    assertThat(values.get("masses/dice")).containsExactly(0);
    assertThat(values.get("kidney_and_masses/dice")).containsExactly(12 / 14.0);
  }

  @Test
  void onlyVolumesWithAllThreeCountAndTheReportHasTheirMeans() {
    List<EvaluationOutcome> outcomes =
        List.of(
            outcome("a", KIDNEY, AnswerStatus.ANSWERED, mask(0, 8), mask(0, 8)),
            outcome("a", TUMOR, AnswerStatus.ABSTAINED, mask(), mask()),
            outcome("a", CYST, AnswerStatus.ABSTAINED, mask(), mask()),
            outcome("b", KIDNEY, AnswerStatus.ANSWERED, mask(), mask(0, 8)),
            outcome("c", KIDNEY, AnswerStatus.ANSWERED, mask(0, 8), mask(0, 8)),
            outcome("c", TUMOR, AnswerStatus.ABSTAINED, mask(), mask()),
            outcome("c", CYST, AnswerStatus.ABSTAINED, mask(), mask()));
    assertThat(new EvaluationReport(outcomes).metrics())
        .containsEntry("eval_kits/volumes", 2)
        .containsEntry("eval_kits/kidney_and_masses/dice", 1.0)
        .containsEntry("eval_kits/tumor/nsd", 1.0)
        .containsEntry("eval_kits/tumor/nsd_low", 1.0);
    assertThat(new EvaluationReport(outcomes.subList(0, 2)).metrics())
        .doesNotContainKey("eval_kits/volumes");
  }

  private static EvaluationOutcome outcome(
      String volume, Structure structure, AnswerStatus answer, MaskRuns found, MaskRuns expert) {
    VrsSample sample =
        new VrsSample(
            volume + "/" + structure,
            volume,
            "Where?",
            structure.name(),
            List.of(1),
            new BoxRule.Single(),
            List.of(0),
            null,
            List.of());
    return new EvaluationOutcome(
        sample,
        null,
        new RewardBreakdown(Map.of(), 0),
        answer,
        null,
        0,
        Map.of(),
        new StructureMasks(structure, found, expert, new VoxelSpacing(1, 1, 1)),
        "",
        3,
        0.2);
  }

  private static MaskRuns mask() {
    return MaskRuns.of(BinaryMask.empty(SIZE));
  }

  private static MaskRuns mask(int first, int end) {
    BinaryMask.Builder mask = BinaryMask.builder(SIZE);
    for (int column = first; column < end; column++) {
      mask.set(0, 0, column);
    }
    return MaskRuns.of(mask.build());
  }
}
