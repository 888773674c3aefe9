package io.medvol.reward.metric;

import io.medvol.data.volume.GridSize;

/** A box of voxels inside a grid. */
record VoxelRange(int slice0, int row0, int column0, int slices, int rows, int columns) {
  /** The smallest range that holds all voxels of the lists, of which one at least is not empty. */
  static VoxelRange around(GridSize size, int[]... lists) {
    int[] low = {Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE};
    int[] high = {0, 0, 0};
    for (int[] list : lists) {
      for (int index : list) {
        int[] at = {
          index / size.pixelsPerSlice(),
          index / size.columns() % size.rows(),
          index % size.columns()
        };
        for (int axis = 0; axis < 3; axis++) {
          low[axis] = Math.min(low[axis], at[axis]);
          high[axis] = Math.max(high[axis], at[axis]);
        }
      }
    }
    return new VoxelRange(
        low[0], low[1], low[2], high[0] - low[0] + 1, high[1] - low[1] + 1, high[2] - low[2] + 1);
  }

  /** Row-major position in the plane of the range of a voxel of the grid. */
  int pixel(int index, GridSize size) {
    int row = index / size.columns() % size.rows() - row0;
    int column = index % size.columns() - column0;
    return row * columns + column;
  }

  /** Positions in an ascending list of voxels, ordered by pixel and then by slice. */
  int[] byPixel(int[] indices, GridSize size) {
    int[] start = new int[rows * columns + 1];
    for (int index : indices) {
      start[pixel(index, size) + 1]++;
    }
    for (int pixel = 0; pixel < rows * columns; pixel++) {
      start[pixel + 1] += start[pixel];
    }
    int[] order = new int[indices.length];
    for (int i = 0; i < indices.length; i++) {
      order[start[pixel(indices[i], size)]++] = i;
    }
    return order;
  }
}
