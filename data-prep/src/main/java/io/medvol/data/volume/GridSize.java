package io.medvol.data.volume;

import java.io.Serializable;

/** The extent of a volume in voxels, axis order {@code [slice][row][column]}. */
public record GridSize(int slices, int rows, int columns) implements Serializable {
  /** The longest a slice may be, in its shorter sides, to be shown to a policy. */
  public static final int MAX_ASPECT = 200;

  public GridSize {
    if (slices < 1 || rows < 1 || columns < 1) {
      throw new IllegalArgumentException(
          "A grid needs at least one voxel along each axis: "
              + slices
              + "x"
              + rows
              + "x"
              + columns);
    }
    Math.multiplyExact(Math.multiplyExact(slices, rows), columns);
  }

  /** Voxels in all; fits an {@code int} by construction. */
  public int voxels() {
    return slices * rows * columns;
  }

  public int pixelsPerSlice() {
    return rows * columns;
  }

  /** Whether a slice is longer than {@link #MAX_ASPECT} allows. */
  public boolean narrow() {
    return Math.max(rows, columns) > (long) MAX_ASPECT * Math.min(rows, columns);
  }

  /** Position of a voxel in slice-major, then row-major order. */
  public int index(int slice, int row, int column) {
    return (slice * rows + row) * columns + column;
  }
}
