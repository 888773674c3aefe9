package io.medvol.reward.metric;

/**
 * Bounds of the distances of places, in millimetres, from exact distances of few: the grid is cut
 * into cells, and one place of each cell that is needed is measured.
 */
final class DistanceBounds {
  private final double[] lower;
  private final double[] upper;

  /**
   * Of ascending places.
   *
   * @param voxels about how many voxels a cell holds
   */
  DistanceBounds(FarDistance exact, int[] places, int voxels) {
    VoxelPlaces grid = exact.grid();
    Cells cells = new Cells(grid, voxels);
    int[] cellOf = new int[places.length];
    int[] measuredAs = new int[cells.count()];
    for (int i = 0; i < places.length; i++) {
      cellOf[i] = cells.of(places[i]);
      measuredAs[cellOf[i]] = 1;
    }
    int needed = 0;
    for (int cell = 0; cell < measuredAs.length; cell++) {
      measuredAs[cell] = measuredAs[cell] == 0 ? 0 : ++needed;
    }
    int[] middles = new int[needed];
    for (int cell = 0; cell < measuredAs.length; cell++) {
      if (measuredAs[cell] > 0) {
        middles[measuredAs[cell] - 1] = cells.middle(cell);
      }
    }
    double[] squared = exact.squaredDistances(middles);
    lower = new double[places.length];
    upper = new double[places.length];
    for (int i = 0; i < places.length; i++) {
      int measured = measuredAs[cellOf[i]] - 1;
      double distance = Math.sqrt(squared[measured]);
      double way = grid.between(places[i], middles[measured]);
      lower[i] = Math.max(0, distance - way);
      upper[i] = distance + way;
    }
  }

  /** What each distance is at least. */
  double[] lower() {
    return lower;
  }

  /** What each distance is at most. */
  double[] upper() {
    return upper;
  }

  /** Boxes of about equal sides in millimetres, numbered in the order of places. */
  private static final class Cells {
    private final VoxelPlaces grid;
    private final int slices;
    private final int rows;
    private final int columns;
    private final int perColumn;
    private final int perRow;

    Cells(VoxelPlaces grid, int voxels) {
      VoxelSpacing spacing = grid.spacing();
      double side = Math.cbrt(voxels * spacing.slice() * spacing.row() * spacing.column());
      this.grid = grid;
      this.slices = extent(side / spacing.slice(), grid.slices());
      this.rows = extent(side / spacing.row(), grid.rows());
      this.columns = extent(side / spacing.column(), grid.columns());
      this.perRow = (grid.slices() - 1) / slices + 1;
      this.perColumn = ((grid.rows() - 1) / rows + 1) * perRow;
    }

    private static int extent(double steps, int length) {
      return (int) Math.max(1, Math.min(length, Math.round(steps)));
    }

    int count() {
      return ((grid.columns() - 1) / columns + 1) * perColumn;
    }

    int of(int place) {
      return grid.column(place) / columns * perColumn
          + grid.row(place) / rows * perRow
          + grid.slice(place) / slices;
    }

    int middle(int cell) {
      return grid.place(
          middle(cell % perRow, slices, grid.slices()),
          middle(cell % perColumn / perRow, rows, grid.rows()),
          middle(cell / perColumn, columns, grid.columns()));
    }

    private static int middle(int index, int extent, int length) {
      int start = index * extent;
      return (start + Math.min(start + extent, length)) / 2;
    }
  }
}
