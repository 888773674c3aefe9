package io.medvol.reward.metric;

import java.util.Arrays;

/**
 * Exact distances of places to the nearest voxel of a mask: a search among the blocks around, and
 * for what lies beyond its horizon, or in so many blocks that the search costs more, the transform
 * that is linear in the grid. Squared, in millimetres. Not thread-safe.
 */
final class FarDistance {
  /** In voxels along a line of slices: so near to a search in vain none is tried. */
  private static final int NEIGHBOURS = 16;

  /** Blocks looked into for a place, above which the transform costs less. */
  private static final int LOOKS = 10;

  /** By how many looks that may be passed for a while. */
  private static final int FIRST_LOOKS = 20_000;

  private final VoxelPlaces grid;
  private final LinearDistance linear;
  private final BlockSearch blocks;

  FarDistance(VoxelBits targets, VoxelPlaces grid) {
    this.grid = grid;
    this.linear = new LinearDistance(targets, grid.spacing());
    this.blocks = new BlockSearch(targets, grid.spacing());
  }

  VoxelPlaces grid() {
    return grid;
  }

  /** The squared distance of each of ascending places, in the same order. */
  double[] squaredDistances(int[] places) {
    double[] distances = new double[places.length];
    int[] far = new int[16];
    int[] positions = new int[16];
    int count = 0;
    int inVain = Integer.MIN_VALUE;
    long allowed = blocks.looks() + FIRST_LOOKS;
    for (int i = 0; i < places.length; i++) {
      int place = places[i];
      distances[i] = BlockSearch.FAR;
      if ((long) place - inVain > NEIGHBOURS && blocks.looks() <= allowed) {
        allowed += LOOKS;
        distances[i] =
            blocks.squaredDistance(grid.slice(place), grid.row(place), grid.column(place));
      }
      if (distances[i] == BlockSearch.FAR) {
        // Not from a place that was passed over, or one search would silence a whole line.
        inVain = (long) place - inVain > NEIGHBOURS ? place : inVain;
        if (count == far.length) {
          far = Arrays.copyOf(far, 2 * count);
          positions = Arrays.copyOf(positions, 2 * count);
        }
        positions[count] = i;
        far[count++] = place;
      }
    }
    double[] measured = linear.squaredDistances(Arrays.copyOf(far, count));
    for (int i = 0; i < count; i++) {
      distances[positions[i]] = measured[i];
    }
    return distances;
  }
}
