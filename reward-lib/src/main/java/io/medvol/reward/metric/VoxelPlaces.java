package io.medvol.reward.metric;

/**
 * Voxels of a grid as numbers that sort by column, row and slice.
 *
 * @param slices of the grid
 * @param rows of the grid
 * @param columns of the grid
 * @param spacing of its voxels
 */
record VoxelPlaces(int slices, int rows, int columns, VoxelSpacing spacing) {
  static VoxelPlaces of(VoxelBits grid, VoxelSpacing spacing) {
    return new VoxelPlaces(grid.slices(), grid.rows(), grid.columns(), spacing);
  }

  int place(int slice, int row, int column) {
    return (column * rows + row) * slices + slice;
  }

  int slice(int place) {
    return place % slices;
  }

  int row(int place) {
    return place / slices % rows;
  }

  int column(int place) {
    return place / slices / rows;
  }

  /** Millimetres from one place to another. */
  double between(int place, int other) {
    double z = (slice(place) - slice(other)) * spacing.slice();
    double y = (row(place) - row(other)) * spacing.row();
    double x = (column(place) - column(other)) * spacing.column();
    return Math.sqrt(z * z + y * y + x * x);
  }
}
