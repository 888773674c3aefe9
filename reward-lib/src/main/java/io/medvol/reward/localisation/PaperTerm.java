package io.medvol.reward.localisation;

import io.medvol.data.volume.PixelBox;
import io.medvol.reward.RewardConfig;
import io.medvol.reward.RewardValue;
import io.medvol.reward.metric.BoxIou;
import io.medvol.reward.response.PaperBoxes;
import io.medvol.reward.response.PaperResponse;
import java.util.List;
import java.util.OptionalInt;

/** The terms of the released MedVol-R1 code (arXiv 2605.26621), each with its own leniency. */
sealed interface PaperTerm extends LocalisationTerm<PaperResponse> {
  /** Slices on either side over which the released code looks for the largest area. */
  int AXIAL_RADIUS = 5;

  /** Mean of four parts: blocks, thought, payload, share of orderly boxes. */
  record Format() implements PaperTerm {
    @Override
    public String name() {
      return RewardConfig.FORMAT;
    }

    @Override
    public RewardValue score(Answer<PaperResponse> answer, GroundTruth truth) {
      double sum = 0;
      for (double part : answer.response().formatParts()) {
        sum += part;
      }
      return RewardValue.ok(sum / 4);
    }
  }

  /** Overlap with the boxes of the ground-truth key slice, whatever slice was predicted. */
  record Spatial() implements PaperTerm {
    @Override
    public String name() {
      return RewardConfig.SPATIAL;
    }

    @Override
    public RewardValue score(Answer<PaperResponse> answer, GroundTruth truth) {
      List<PixelBox> predicted = answer.response().boxes();
      List<PixelBox> target =
          truth.keyBoxes().stream()
              .map(box -> PaperBoxes.widened(box, truth.size().columns(), truth.size().rows()))
              .toList();
      int count = Math.max(1, Math.max(predicted.size(), target.size()));
      return RewardValue.ok(BoxMatching.score(predicted, target, BoxIou::of, count));
    }
  }

  /** Area of the predicted slice over the largest of the slices near it. */
  record Axial(BoxNeed boxNeed) implements PaperTerm {
    @Override
    public String name() {
      return RewardConfig.AXIAL;
    }

    @Override
    public RewardValue score(Answer<PaperResponse> answer, GroundTruth truth) {
      OptionalInt slice = answer.response().sliceWithin(truth.size().slices());
      boolean boxMissing = boxNeed == BoxNeed.REQUIRED && answer.response().boxes().isEmpty();
      if (slice.isEmpty() || boxMissing) {
        return RewardValue.ok(0);
      }
      SliceWindow window =
          SliceWindow.around(slice.getAsInt(), AXIAL_RADIUS, truth.size().slices());
      int largest = truth.largestArea(window.first(), window.last());
      double area = truth.area(slice.getAsInt());
      return RewardValue.ok(largest == 0 ? 0 : area / largest);
    }
  }

  /** Whether the axial reward needs a box. */
  enum BoxNeed {
    REQUIRED,
    OPTIONAL
  }

  /** Dice over the slices near the predicted one; 1 if both masks are empty there. */
  record Consistency(int radius) implements PaperTerm {
    @Override
    public String name() {
      return RewardConfig.CONSISTENCY;
    }

    @Override
    public int reach() {
      return radius;
    }

    @Override
    public RewardValue score(Answer<PaperResponse> answer, GroundTruth truth) {
      int slices = truth.size().slices();
      OptionalInt slice = answer.response().sliceWithin(slices);
      return slice.isEmpty()
          ? RewardValue.ok(0)
          : MaskScore.dice(
              answer.propagation(), truth, SliceWindow.around(slice.getAsInt(), radius, slices), 1);
    }
  }

  /** Dice over the whole volume; not in the released code, and so without its leniency. */
  record Dice3d() implements PaperTerm {
    @Override
    public String name() {
      return RewardConfig.DICE_3D;
    }

    @Override
    public int reach() {
      return WHOLE_VOLUME;
    }

    @Override
    public RewardValue score(Answer<PaperResponse> answer, GroundTruth truth) {
      SliceWindow all = new SliceWindow(0, truth.size().slices() - 1);
      return MaskScore.dice(answer.propagation(), truth, all, 0);
    }
  }
}
