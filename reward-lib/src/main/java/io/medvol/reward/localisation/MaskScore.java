package io.medvol.reward.localisation;

import io.medvol.data.volume.BinaryMask;
import io.medvol.reward.RewardStatus;
import io.medvol.reward.RewardValue;
import io.medvol.reward.metric.Overlap;
import io.medvol.reward.propagation.Propagation;
import java.util.Map;
import java.util.Optional;

/** Turns what became of a propagation into a reward: a failure stays a failure. */
final class MaskScore {
  private MaskScore() {}

  /**
   * Dice over some slices.
   *
   * @param whenBothEmpty value if neither mask has a voxel there
   */
  static RewardValue dice(
      Optional<Propagation> propagation,
      GroundTruth truth,
      SliceWindow window,
      double whenBothEmpty) {
    if (propagation.isEmpty()) {
      return RewardValue.ok(0, "The evidence was not propagated");
    }
    if (propagation.get() instanceof Propagation.Failed failed) {
      return RewardValue.failed(RewardStatus.ERROR, failed.reason());
    }
    BinaryMask mask = ((Propagation.Mask) propagation.get()).mask();
    if (!mask.size().equals(truth.size())) {
      return RewardValue.failed(
          RewardStatus.ERROR,
          "The propagated mask is of " + mask.size() + ", the target of " + truth.size());
    }
    BinaryMask inside = mask.restrictedTo(window.first(), window.last());
    long target = 0;
    for (int slice = window.first(); slice <= window.last(); slice++) {
      target += truth.area(slice);
    }
    Overlap overlap = new Overlap(inside.intersection(truth.target()), inside.count(), target);
    return new RewardValue(
        overlap.dice(whenBothEmpty),
        RewardStatus.OK,
        "",
        Map.of(
            "intersection_voxels", (double) overlap.intersection(),
            "mask_voxels", (double) overlap.first(),
            "target_voxels", (double) overlap.second()));
  }
}
