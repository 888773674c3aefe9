package io.medvol.reward.localisation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.medvol.data.example.BoxRule;
import io.medvol.data.example.VrsSample;
import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.CtVolume;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.PixelBox;
import io.medvol.reward.RewardBreakdown;
import io.medvol.reward.TestVolumes;
import io.medvol.reward.propagation.EdgeBox;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnswerMeasuresTest {
  private static final GridSize SIZE = new GridSize(6, 10, 10);
  private static final CtVolume VOLUME = TestVolumes.blank(SIZE);
  private static final BinaryMask NOTHING = BinaryMask.empty(SIZE);

  @Test
  void aPerfectAnswerHasAllMeasuresAtTheirBest() {
    Map<String, Double> measures = measure(answer(2, 2, 2, 6, 6), block(), block());
    assertThat(measures)
        .containsEntry("iou", 1.0)
        .containsEntry("nsd", 1.0)
        .containsEntry("hd95_mm", 0.0)
        .containsEntry("volume_error", 0.0)
        .containsEntry("box_iou", 1.0)
        .containsEntry("slice_hit", 1.0)
        .containsEntry("key_slice_hit", 1.0)
        .containsEntry("lesion_f1", 1.0)
        .containsEntry("false_abstention", 0.0)
        .doesNotContainKey("absent_accuracy");
  }

  @Test
  void anUnparsableAnswerHasZeroWhereMoreIsBetter() {
    Map<String, Double> measures = measure(other(AnswerStatus.UNPARSABLE), NOTHING, block());
    for (String name :
        List.of("iou", "nsd", "box_iou", "slice_hit", "key_slice_hit", "lesion_f1")) {
      assertThat(measures).as(name).containsEntry(name, 0.0);
    }
    assertThat(measures).containsEntry("volume_error", 1.0).doesNotContainKey("hd95_mm");
    assertThat(measure(other(AnswerStatus.UNPARSABLE), NOTHING, NOTHING))
        .containsEntry("absent_accuracy", 0.0)
        .containsEntry("iou", 0.0);
  }

  @Test
  void onlyAnAbstentionIsRightAboutAnAbsentTarget() {
    assertThat(measure(other(AnswerStatus.ABSTAINED), NOTHING, NOTHING))
        .containsEntry("absent_accuracy", 1.0)
        .containsEntry("iou", 1.0);
    assertThat(measure(answer(2, 2, 2, 6, 6), block(), NOTHING))
        .containsEntry("absent_accuracy", 0.0)
        .containsEntry("false_positives_per_scan", 1.0);
    assertThat(measure(other(AnswerStatus.ABSTAINED), NOTHING, block()))
        .containsEntry("false_abstention", 1.0)
        .containsEntry("iou", 0.0);
  }

  @Test
  void aBoxOnAnotherSliceIsComparedWithTheBoxesOfThatSlice() {
    Map<String, Double> measures = measure(answer(3, 2, 2, 6, 4), block(), block());
    assertThat(measures.get("box_iou")).isCloseTo(0.5, within(1e-12));
    assertThat(measures).containsEntry("slice_hit", 1.0).containsEntry("key_slice_hit", 0.0);
    assertThat(measure(answer(5, 2, 2, 6, 6), NOTHING, block())).containsEntry("slice_hit", 0.0);
  }

  @Test
  void confidenceIsTheShareOfAnswersThatAgree() {
    GroupAgreement.View here = view(answer(2, 2, 2, 6, 6));
    List<GroupAgreement.View> others =
        List.of(
            view(answer(3, 2, 2, 6, 5)),
            view(answer(2, 0, 0, 1, 1)),
            view(other(AnswerStatus.ABSTAINED)),
            view(other(AnswerStatus.UNPARSABLE)));
    assertThat(GroupAgreement.confidence(here, others)).isEqualTo(0.25);
    assertThat(GroupAgreement.confidence(view(other(AnswerStatus.ABSTAINED)), others))
        .isEqualTo(0.25);
    assertThat(GroupAgreement.confidence(view(other(AnswerStatus.UNPARSABLE)), others)).isZero();
    assertThat(GroupAgreement.confidence(here, List.of())).isZero();
  }

  @Test
  void chosenOptionsAgreeIfTheyAreOne() {
    List<GroupAgreement.View> others =
        List.of(option("B"), option("A"), option("B"), view(other(AnswerStatus.UNPARSABLE)));
    assertThat(GroupAgreement.confidence(option("B"), others)).isEqualTo(0.5);
    assertThat(GroupAgreement.confidence(option("C"), others)).isZero();
    assertThat(GroupAgreement.confidence(view(other(AnswerStatus.UNPARSABLE)), others)).isZero();
  }

  private static GroupAgreement.View option(String letter) {
    return new GroupAgreement.View(AnswerStatus.ANSWERED, null, letter);
  }

  private static GroupAgreement.View view(LocalisationScore score) {
    return new GroupAgreement.View(score.status(), score.evidence(), "");
  }

  private static Map<String, Double> measure(
      LocalisationScore score, BinaryMask found, BinaryMask target) {
    boolean present = target.count() > 0;
    VrsSample sample =
        new VrsSample(
            "id",
            "volume",
            "Where?",
            "block",
            List.of(1),
            new BoxRule.Single(),
            List.of(0, 1, 2, 3, 4, 5),
            present ? 2 : null,
            present ? List.of(new PixelBox(2, 2, 5, 5)) : List.of());
    return AnswerMeasures.of(score, found, GroundTruth.of(sample, target), VOLUME.geometry());
  }

  /** Four by four pixels on the slices 1 to 3. */
  private static BinaryMask block() {
    BinaryMask.Builder mask = BinaryMask.builder(SIZE);
    for (int z = 1; z <= 3; z++) {
      for (int y = 2; y < 6; y++) {
        for (int x = 2; x < 6; x++) {
          mask.set(z, y, x);
        }
      }
    }
    return mask.build();
  }

  private static LocalisationScore answer(int slice, double x1, double y1, double x2, double y2) {
    Evidence evidence = new Evidence(slice, List.of(new EdgeBox(x1, y1, x2, y2)));
    return new LocalisationScore(
        AnswerStatus.ANSWERED, "", evidence, new RewardBreakdown(Map.of(), 0), "");
  }

  private static LocalisationScore other(AnswerStatus status) {
    return new LocalisationScore(status, "", null, new RewardBreakdown(Map.of(), 0), "");
  }
}
