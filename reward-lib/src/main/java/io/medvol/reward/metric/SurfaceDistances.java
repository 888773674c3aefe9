package io.medvol.reward.metric;

import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;
import java.util.Arrays;

/**
 * Distances between the boundaries of two masks, in millimetres, and the measures drawn from them.
 * A boundary voxel is a mask voxel with a face neighbour outside the mask or outside the volume;
 * distances are between voxel centres (MONAI's convention without subvoxels). Immutable.
 */
public final class SurfaceDistances {
  /** Keeps a distance that equals the tolerance inside it, whatever the rounding. */
  private static final double ROUNDING_MM = 1e-9;

  private final double[] fromFirst;
  private final double[] fromSecond;

  private SurfaceDistances(double[] fromFirst, double[] fromSecond) {
    this.fromFirst = fromFirst;
    this.fromSecond = fromSecond;
  }

  /** Measures two masks on one grid, in time linear in the box around both. */
  public static SurfaceDistances between(
      BinaryMask first, BinaryMask second, VoxelSpacing spacing) {
    GridSize size = first.size();
    if (!size.equals(second.size())) {
      throw new IllegalArgumentException(
          "Masks of different grids: " + size + " and " + second.size());
    }
    int[] a = MaskBoundary.of(first);
    int[] b = MaskBoundary.of(second);
    return new SurfaceDistances(distances(a, b, size, spacing), distances(b, a, size, spacing));
  }

  private static double[] distances(int[] from, int[] to, GridSize size, VoxelSpacing spacing) {
    double[] distances = new double[from.length];
    if (to.length == 0) {
      Arrays.fill(distances, Double.POSITIVE_INFINITY);
      return distances;
    }
    if (from.length > 0) {
      distances = NearestDistance.between(from, to, size, spacing);
      Arrays.sort(distances);
    }
    return distances;
  }

  /**
   * Normalised surface distance, or surface Dice: the share of all boundary voxels that lie within
   * the tolerance of the other boundary; 1 if both masks are empty, 0 if one is.
   */
  public double surfaceDice(double toleranceMm) {
    int all = fromFirst.length + fromSecond.length;
    return all == 0
        ? 1
        : (double) (within(fromFirst, toleranceMm) + within(fromSecond, toleranceMm)) / all;
  }

  /** The larger of the two directed 95th percentiles; NaN if a mask is empty. */
  public double hausdorff95() {
    return defined() ? Math.max(percentile(fromFirst, 95), percentile(fromSecond, 95)) : Double.NaN;
  }

  /** The largest distance; NaN if a mask is empty. */
  public double hausdorff() {
    return defined()
        ? Math.max(fromFirst[fromFirst.length - 1], fromSecond[fromSecond.length - 1])
        : Double.NaN;
  }

  /** The mean over both boundaries; NaN if a mask is empty. */
  public double averageSymmetric() {
    return defined()
        ? (Arrays.stream(fromFirst).sum() + Arrays.stream(fromSecond).sum())
            / (fromFirst.length + fromSecond.length)
        : Double.NaN;
  }

  /** Boundary voxels of the first mask. */
  public int firstBoundaryVoxels() {
    return fromFirst.length;
  }

  /** Boundary voxels of the second mask. */
  public int secondBoundaryVoxels() {
    return fromSecond.length;
  }

  private boolean defined() {
    return fromFirst.length > 0 && fromSecond.length > 0;
  }

  private static long within(double[] distances, double tolerance) {
    return Arrays.stream(distances).filter(d -> d <= tolerance + ROUNDING_MM).count();
  }

  /** Of sorted values, with linear interpolation between neighbours. */
  private static double percentile(double[] sorted, double percent) {
    double position = percent / 100 * (sorted.length - 1);
    int below = (int) Math.floor(position);
    int above = Math.min(sorted.length - 1, below + 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }
}
