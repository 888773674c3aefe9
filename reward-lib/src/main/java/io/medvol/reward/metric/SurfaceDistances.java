package io.medvol.reward.metric;

import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;
import java.util.OptionalLong;

/**
 * Distances between the boundaries of two masks, in millimetres, and the measures drawn from them.
 * A boundary voxel is a mask voxel with a face neighbour outside the mask or outside the volume;
 * distances are between voxel centres (MONAI's convention without subvoxels). Not thread-safe.
 */
public final class SurfaceDistances {
  private final VoxelBits first;
  private final VoxelBits second;
  private final VoxelSpacing spacing;
  private final int firstCount;
  private final int secondCount;

  /** Null until a measure needs all distances. */
  private DirectedDistances fromFirst;

  private DirectedDistances fromSecond;

  private SurfaceDistances(VoxelBits first, VoxelBits second, VoxelSpacing spacing) {
    this.first = first;
    this.second = second;
    this.spacing = spacing;
    this.firstCount = first.count();
    this.secondCount = second.count();
  }

  /**
   * Of two masks on one grid. What a measure needs is found when it is asked for: the surface Dice
   * looks no further than its tolerance; the others look around each voxel. What lies far from the
   * other boundary is searched in blocks or, where that costs more, measured by a distance
   * transform in time linear in the grid; a percentile leaves out what cannot have its rank.
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
      low = 0;
      high = 0;
    }
    return new SurfaceDistances(
        VoxelBits.of(first, low, high).boundary(),
        VoxelBits.of(second, low, high).boundary(),
        spacing);
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
    if (!defined()) {
      return firstCount + secondCount == 0 ? 1 : 0;
    }
    if (toleranceMm < 0) {
      return 0;
    }
    long inside = withinFrom(first, second, toleranceMm) + withinFrom(second, first, toleranceMm);
    return inside / ((double) firstCount + secondCount);
  }

  private long withinFrom(VoxelBits from, VoxelBits to, double toleranceMm) {
    OptionalLong near =
        fromFirst == null
            ? DirectedDistances.within(from, to, spacing, toleranceMm)
            : OptionalLong.empty();
    return near.orElseGet(() -> (from == first ? first() : second()).within(toleranceMm));
  }

  private DirectedDistances first() {
    if (fromFirst == null) {
      fromFirst = DirectedDistances.between(first, second, spacing);
    }
    return fromFirst;
  }

  private DirectedDistances second() {
    if (fromSecond == null) {
      fromSecond = DirectedDistances.between(second, first, spacing);
    }
    return fromSecond;
  }

  /** The larger of the two directed 95th percentiles; NaN if a mask is empty. */
  public double hausdorff95() {
    return defined() ? Math.max(first().percentile(95), second().percentile(95)) : Double.NaN;
  }

  /** The largest distance; NaN if a mask is empty. */
  public double hausdorff() {
    return defined() ? Math.max(first().largest(), second().largest()) : Double.NaN;
  }

  /** The mean over both boundaries; NaN if a mask is empty. */
  public double averageSymmetric() {
    return defined()
        ? (first().sum() + second().sum()) / ((double) firstCount + secondCount)
        : Double.NaN;
  }

  /** Boundary voxels of the first mask. */
  public int firstBoundaryVoxels() {
    return firstCount;
  }

  /** Boundary voxels of the second mask. */
  public int secondBoundaryVoxels() {
    return secondCount;
  }

  private boolean defined() {
    return firstCount > 0 && secondCount > 0;
  }
}
