package io.medvol.reward.metric;

import java.util.Arrays;
import java.util.OptionalLong;

/**
 * The distances of the boundary voxels of one mask to the boundary of another, in millimetres.
 * Voxels on both boundaries are only counted; those that lie far from the other boundary are
 * measured when a measure cannot do without them. Not thread-safe.
 */
final class DirectedDistances {
  /** Keeps a distance that equals the tolerance inside it, whatever the rounding. */
  private static final double ROUNDING_MM = 1e-9;

  private final int count;
  private final int zeros;

  /** The distances found nearby, in no order. */
  private final double[] near;

  /** The voxels with nothing nearby, as ascending places. */
  private final int[] far;

  /** Measures those; null if there are none. */
  private final FarDistance distance;

  /** All distances but those that are 0, in no order; null until something asks for them. */
  private double[] positive;

  private DirectedDistances(int count, double[] near, int[] far, FarDistance distance) {
    this.count = count;
    this.zeros = count - near.length - far.length;
    this.near = near;
    this.far = far;
    this.distance = distance;
  }

  /** Of two boundaries on one grid, neither of them empty. */
  static DirectedDistances between(VoxelBits from, VoxelBits to, VoxelSpacing spacing) {
    NearSearch search = new NearSearch(to, spacing);
    VoxelPlaces grid = VoxelPlaces.of(to, spacing);
    int count = from.count();
    double[] near = new double[Math.min(count, 1024)];
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
                blocks.far(row, column)
                    ? NearSearch.FAR
                    : search.squaredDistance(slice, row, column);
            if (squared == NearSearch.FAR) {
              blocks.mark(row, column);
              places = far < places.length ? places : Arrays.copyOf(places, 2 * far);
              places[far++] = grid.place(slice, row, column);
            } else {
              near = measured < near.length ? near : Arrays.copyOf(near, 2 * measured);
              near[measured++] = Math.sqrt(squared);
            }
          }
        }
      }
    }
    return new DirectedDistances(
        count,
        Arrays.copyOf(near, measured),
        RadixSort.ascending(Arrays.copyOf(places, far)),
        far == 0 ? null : new FarDistance(to, grid));
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

  long within(double toleranceMm) {
    if (toleranceMm < 0) {
      return 0;
    }
    long inside = zeros;
    for (double distance : positive()) {
      inside += distance <= toleranceMm + ROUNDING_MM ? 1 : 0;
    }
    return inside;
  }

  double largest() {
    return percentile(100);
  }

  double sum() {
    return Arrays.stream(positive()).sum();
  }

  /** With linear interpolation between neighbours. */
  double percentile(double percent) {
    double position = percent / 100 * (count - 1);
    int below = (int) Math.floor(position);
    int above = position > below ? Math.min(below + 1, count - 1) : below;
    if (above < zeros) {
      return 0;
    }
    if (positive != null || far.length == 0) {
      return interpolated(position, below, above, 0, positive());
    }
    FarCandidates candidates =
        FarCandidates.of(distance, near, far, Math.max(0, below - zeros), above - zeros);
    double[] values = joined(near, distance.squaredDistances(candidates.places()));
    return interpolated(position, below, above, candidates.nearer(), values);
  }

  /**
   * Between the distances of two ranks.
   *
   * @param nearer how many distances that are not 0 lie before all the values
   */
  private double interpolated(double position, int below, int above, int nearer, double[] values) {
    double lower = below < zeros ? 0 : Selection.of(values, below - zeros - nearer);
    double upper = above == below ? lower : Selection.of(values, above - zeros - nearer);
    return lower + (position - below) * (upper - lower);
  }

  private double[] positive() {
    if (positive == null) {
      positive = far.length == 0 ? near : joined(near, distance.squaredDistances(far));
    }
    return positive;
  }

  private static double[] joined(double[] distances, double[] squared) {
    double[] all = Arrays.copyOf(distances, distances.length + squared.length);
    for (int i = 0; i < squared.length; i++) {
      all[distances.length + i] = Math.sqrt(squared[i]);
    }
    return all;
  }
}
