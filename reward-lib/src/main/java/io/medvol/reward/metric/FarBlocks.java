package io.medvol.reward.metric;

import java.util.Arrays;

/**
 * Remembers in which small blocks of the grid a search nearby was in vain, so that it is not tried
 * again for the neighbours. Slices must come in ascending order. Not thread-safe.
 */
final class FarBlocks {
  private static final int SHIFT = 3;

  private final int perRow;
  private final boolean[] far;

  FarBlocks(VoxelBits grid) {
    this.perRow = (grid.columns() >> SHIFT) + 1;
    this.far = new boolean[((grid.rows() >> SHIFT) + 1) * perRow];
  }

  void enter(int slice) {
    if ((slice & (1 << SHIFT) - 1) == 0) {
      Arrays.fill(far, false);
    }
  }

  boolean far(int row, int column) {
    return far[block(row, column)];
  }

  void mark(int row, int column) {
    far[block(row, column)] = true;
  }

  private int block(int row, int column) {
    return (row >> SHIFT) * perRow + (column >> SHIFT);
  }
}
