package io.medvol.reward.metric;

import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;

/**
 * Distances between the boundaries of two masks, in millimetres, and the measures drawn from them.
 * A boundary voxel is a mask voxel with a face neighbour outside the mask or outside the volume;
 * distances are between voxel centres (MONAI's convention without subvoxels). Not thread-safe.
 */
public final class SurfaceDistances {
  private final DirectedDistances fromFirst;
  private final DirectedDistances fromSecond;

  private SurfaceDistances(DirectedDistances fromFirst, DirectedDistances fromSecond) {
    this.fromFirst = fromFirst;
    this.fromSecond = fromSecond;
  }

  /**
   * Measures two masks on one grid. Voxels near the other boundary, which are most, are found by
   * looking around them; the rest by a distance transform, in time linear in the grid.
   */
  public static SurfaceDistances between(
      BinaryMask first, BinaryMask second, VoxelSpacing spacing) {
    GridSize size = first.size();
    if (!size.equals(second.size())) {
      throw new IllegalArgumentException(
          "Masks of different grids: " + size + " and " + second.size());
    }
    int pixels = size.pixelsPerSlice();
    int low = Math.min(firstVoxel(first), firstVoxel(second)) / pixels;
    int high = Math.min(size.voxels() - 1, Math.max(lastVoxel(first), lastVoxel(second))) / pixels;
    if (low > high) {
      return new SurfaceDistances(DirectedDistances.toNothing(0), DirectedDistances.toNothing(0));
    }
    VoxelBits a = VoxelBits.of(first, low, high).boundary();
    VoxelBits b = VoxelBits.of(second, low, high).boundary();
    return new SurfaceDistances(directed(a, b, spacing), directed(b, a, spacing));
  }

  private static DirectedDistances directed(VoxelBits from, VoxelBits to, VoxelSpacing spacing) {
    int count = from.count();
    if (count == 0 || to.count() == 0) {
      return DirectedDistances.toNothing(count);
    }
    return DirectedDistances.between(from, to, spacing);
  }

  private static int firstVoxel(BinaryMask mask) {
    int first = mask.nextSet(0);
    return first < 0 ? Integer.MAX_VALUE : first;
  }

  private static int lastVoxel(BinaryMask mask) {
    long[] words = mask.words();
    return words.length == 0
        ? -1
        : words.length * Long.SIZE - 1 - Long.numberOfLeadingZeros(words[words.length - 1]);
  }

  /**
   * Normalised surface distance, or surface Dice: the share of all boundary voxels that lie within
   * the tolerance of the other boundary; 1 if both masks are empty, 0 if one is.
   */
  public double surfaceDice(double toleranceMm) {
    int all = fromFirst.count() + fromSecond.count();
    return all == 0
        ? 1
        : (double) (fromFirst.within(toleranceMm) + fromSecond.within(toleranceMm)) / all;
  }

  /** The larger of the two directed 95th percentiles; NaN if a mask is empty. */
  public double hausdorff95() {
    return defined() ? Math.max(fromFirst.percentile(95), fromSecond.percentile(95)) : Double.NaN;
  }

  /** The largest distance; NaN if a mask is empty. */
  public double hausdorff() {
    return defined() ? Math.max(fromFirst.largest(), fromSecond.largest()) : Double.NaN;
  }

  /** The mean over both boundaries; NaN if a mask is empty. */
  public double averageSymmetric() {
    return defined()
        ? (fromFirst.sum() + fromSecond.sum()) / (fromFirst.count() + fromSecond.count())
        : Double.NaN;
  }

  /** Boundary voxels of the first mask. */
  public int firstBoundaryVoxels() {
    return fromFirst.count();
  }

  /** Boundary voxels of the second mask. */
  public int secondBoundaryVoxels() {
    return fromSecond.count();
  }

  private boolean defined() {
    return fromFirst.count() > 0 && fromSecond.count() > 0;
  }
}
