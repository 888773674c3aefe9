package io.medvol.reward.metric;

import java.util.Arrays;
import java.util.OptionalLong;

/**
 * The distances of the boundary voxels of one mask to the boundary of another, in millimetres.
 * Voxels on both boundaries are only counted.
 */
final class DirectedDistances {
  /** Keeps a distance that equals the tolerance inside it, whatever the rounding. */
  private static final double ROUNDING_MM = 1e-9;

  private final int count;

  /** All but those that are 0; in no order. */
  private final double[] positive;

  private DirectedDistances(int count, double[] positive) {
    this.count = count;
    this.positive = positive;
  }

  /** Of two boundaries on one grid, neither of them empty. */
  static DirectedDistances between(VoxelBits from, VoxelBits to, VoxelSpacing spacing) {
    NearSearch near = new NearSearch(to, spacing);
    LinearDistance linear = new LinearDistance(to, spacing);
    int count = from.count();
    double[] positive = new double[Math.min(count, 1024)];
    int measured = 0;
    int[] places = new int[16];
    int far = 0;
    FarBlocks blocks = new FarBlocks(from);
    for (int slice = 0; slice < from.slices(); slice++) {
      blocks.enter(slice);
      for (int row = 0; row < from.rows(); row++) {
        int start = from.row(slice, row);
        for (int word = 1; word < from.rowWords() - 1; word++) {
          long left = from.word(start + word) & ~to.word(start + word);
          while (left != 0) {
            int column = (word - 1) * Long.SIZE + Long.numberOfTrailingZeros(left);
            left &= left - 1;
            double squared =
                blocks.far(row, column) ? NearSearch.FAR : near.squaredDistance(slice, row, column);
            if (squared == NearSearch.FAR) {
              blocks.mark(row, column);
              places = far < places.length ? places : Arrays.copyOf(places, 2 * far);
              places[far++] = linear.place(slice, row, column);
            } else {
              positive =
                  measured < positive.length ? positive : Arrays.copyOf(positive, 2 * measured);
              positive[measured++] = Math.sqrt(squared);
            }
          }
        }
      }
    }
    places = RadixSort.ascending(Arrays.copyOf(places, far));
    double[] squared = linear.squaredDistances(places);
    positive = Arrays.copyOf(positive, measured + far);
    for (int i = 0; i < far; i++) {
      positive[measured + i] = Math.sqrt(squared[i]);
    }
    return new DirectedDistances(count, positive);
  }

  /**
   * How many boundary voxels lie within a distance of another boundary, both not empty; empty where
   * it takes all the distances to know.
   */
  static OptionalLong within(
      VoxelBits from, VoxelBits to, VoxelSpacing spacing, double toleranceMm) {
    NearSearch near = new NearSearch(to, spacing);
    double limit = toleranceMm + ROUNDING_MM;
    if (!near.covers(limit)) {
      return OptionalLong.empty();
    }
    long inside = 0;
    for (int slice = 0; slice < from.slices(); slice++) {
      for (int row = 0; row < from.rows(); row++) {
        int start = from.row(slice, row);
        for (int word = 1; word < from.rowWords() - 1; word++) {
          long voxels = from.word(start + word);
          long left = voxels & ~to.word(start + word);
          inside += Long.bitCount(voxels & to.word(start + word));
          while (left != 0) {
            int column = (word - 1) * Long.SIZE + Long.numberOfTrailingZeros(left);
            left &= left - 1;
            inside += near.within(limit, slice, row, column) ? 1 : 0;
          }
        }
      }
    }
    return OptionalLong.of(inside);
  }

  int count() {
    return count;
  }

  long within(double toleranceMm) {
    if (toleranceMm < 0) {
      return 0;
    }
    long inside = (long) count - positive.length;
    for (double distance : positive) {
      inside += distance <= toleranceMm + ROUNDING_MM ? 1 : 0;
    }
    return inside;
  }

  double largest() {
    return Arrays.stream(positive).max().orElse(0);
  }

  double sum() {
    return Arrays.stream(positive).sum();
  }

  /** With linear interpolation between neighbours. */
  double percentile(double percent) {
    double position = percent / 100 * (count - 1);
    int below = (int) Math.floor(position);
    double lower = ranked(below);
    double upper = below + 1 < count && position > below ? ranked(below + 1) : lower;
    return lower + (position - below) * (upper - lower);
  }

  private double ranked(int rank) {
    int zeros = count - positive.length;
    return rank < zeros ? 0 : Selection.of(positive, rank - zeros);
  }
}
