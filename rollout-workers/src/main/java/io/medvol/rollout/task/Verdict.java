package io.medvol.rollout.task;

import io.medvol.data.volume.BinaryMask;
import io.medvol.reward.metric.VoxelSpacing;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * How good one answer is.
 *
 * @param score what it earned
 * @param dice of its mask in the whole volume with the expert's; NaN where there is none
 * @param measures further measures by name, such as {@code box_iou}; means are taken over the
 *     answers that have one
 * @param masks what its Dice compares; null where there is none
 * @param failure why it could not be measured; empty if it could
 */
public record Verdict(
    AnswerScore score, double dice, Map<String, Double> measures, Masks masks, String failure) {
  /**
   * Masks of one grid.
   *
   * @param found from the answer
   * @param expert what it should be
   * @param spacing of the voxels
   */
  public record Masks(BinaryMask found, BinaryMask expert, VoxelSpacing spacing) {}

  public Verdict {
    Objects.requireNonNull(score, "score");
    Objects.requireNonNull(failure, "failure");
    measures = Collections.unmodifiableMap(new LinkedHashMap<>(measures));
  }

  /** Without further measures or masks. */
  public Verdict(AnswerScore score, double dice, String failure) {
    this(score, dice, Map.of(), null, failure);
  }
}
