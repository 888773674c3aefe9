package io.medvol.reward.metric;

import io.medvol.data.volume.BinaryMask;
import java.io.Serializable;

/**
 * How many voxels two masks share, and how many each has. Dice and intersection over union follow
 * from it.
 *
 * @param intersection voxels in both
 * @param first voxels of the first mask
 * @param second voxels of the second mask
 */
public record Overlap(long intersection, long first, long second) implements Serializable {
  public Overlap {
    if (intersection < 0 || intersection > Math.min(first, second)) {
      throw new IllegalArgumentException(
          "Masks of " + first + " and " + second + " voxels cannot share " + intersection);
    }
  }

  /** Compares two masks on one grid. */
  public static Overlap of(BinaryMask first, BinaryMask second) {
    return new Overlap(first.intersection(second), first.count(), second.count());
  }

  public boolean bothEmpty() {
    return first + second == 0;
  }

  /** {@code 2·|A∩B| / (|A|+|B|)}; 1 if both are empty, 0 if one is. */
  public double dice() {
    return dice(1);
  }

  /** Dice with the value for two empty masks given, because a reward must not pay for them. */
  public double dice(double whenBothEmpty) {
    return bothEmpty() ? whenBothEmpty : 2.0 * intersection / (first + second);
  }

  /** {@code |A∩B| / |A∪B|}; 1 if both are empty, 0 if one is. */
  public double iou() {
    return bothEmpty() ? 1 : (double) intersection / (first + second - intersection);
  }
}
