package io.medvol.data.volume;

import java.io.Serializable;
import java.util.Arrays;

/**
 * A map from voxel indices (column, row, slice) to NIfTI world coordinates in millimetres (RAS+: x
 * grows to the patient's right, y to the front, z to the head); the upper three rows of a 4x4
 * matrix, row-major.
 */
public final class Affine implements Serializable {
  private static final long serialVersionUID = 1L;

  private final double[] rows;

  private Affine(double[] rows) {
    this.rows = rows;
  }

  /** From twelve values, the upper three rows in row-major order. */
  public static Affine ofRows(double... rows) {
    if (rows.length != 12) {
      throw new IllegalArgumentException("An affine has twelve values, not " + rows.length);
    }
    return new Affine(rows.clone());
  }

  public double at(int row, int column) {
    return rows[row * 4 + column];
  }

  /** World position in millimetres of a voxel index. */
  public double[] apply(double column, double row, double slice) {
    double[] world = new double[3];
    for (int i = 0; i < 3; i++) {
      world[i] = at(i, 0) * column + at(i, 1) * row + at(i, 2) * slice + at(i, 3);
    }
    return world;
  }

  /** Signed volume of one voxel in cubic millimetres; negative if the axes are left-handed. */
  public double determinant() {
    return at(0, 0) * (at(1, 1) * at(2, 2) - at(1, 2) * at(2, 1))
        - at(0, 1) * (at(1, 0) * at(2, 2) - at(1, 2) * at(2, 0))
        + at(0, 2) * (at(1, 0) * at(2, 1) - at(1, 1) * at(2, 0));
  }

  /** Length in millimetres of a step along one voxel axis: 0 column, 1 row, 2 slice. */
  public double spacing(int axis) {
    return Math.sqrt(
        at(0, axis) * at(0, axis) + at(1, axis) * at(1, axis) + at(2, axis) * at(2, axis));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Affine affine && Arrays.equals(rows, affine.rows);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(rows);
  }

  @Override
  public String toString() {
    return "Affine" + Arrays.toString(rows);
  }
}
