package io.medvol.data.volume;

import io.medvol.data.volume.MalformedVolumeException.Kind;
import java.io.Serializable;
import java.util.Objects;

/**
 * Where the voxels of a volume lie in the patient: world = affine · (column, row, slice, 1), in
 * millimetres RAS+.
 */
public record VolumeGeometry(GridSize size, Affine affine) implements Serializable {
  /** Largest difference of two affines, per entry in millimetres, that counts as rounding. */
  public static final double AFFINE_TOLERANCE = 1e-3;

  public VolumeGeometry {
    Objects.requireNonNull(size, "size");
    Objects.requireNonNull(affine, "affine");
  }

  /**
   * A straight canonical grid (slices head to feet, rows front to back, columns right to left)
   * whose centre is the world's origin, spacings in millimetres.
   */
  public static VolumeGeometry canonical(
      GridSize size, double sliceSpacing, double rowSpacing, double columnSpacing) {
    return new VolumeGeometry(
        size,
        Affine.ofRows(
            -columnSpacing,
            0,
            0,
            columnSpacing * (size.columns() - 1) / 2,
            0,
            -rowSpacing,
            0,
            rowSpacing * (size.rows() - 1) / 2,
            0,
            0,
            -sliceSpacing,
            sliceSpacing * (size.slices() - 1) / 2));
  }

  /** Whether both describe the same voxels, up to {@link #AFFINE_TOLERANCE}. */
  public boolean matches(VolumeGeometry other) {
    if (!size.equals(other.size)) {
      return false;
    }
    for (int row = 0; row < 3; row++) {
      for (int column = 0; column < 4; column++) {
        if (!(Math.abs(affine.at(row, column) - other.affine.at(row, column))
            <= AFFINE_TOLERANCE)) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * Requires that a file (labels, a prediction) lies on this grid.
   *
   * @throws MalformedVolumeException of kind {@link Kind#MISMATCH}, with both shapes or affines
   */
  public void requireMatch(String name, String otherName, VolumeGeometry other) {
    if (!size.equals(other.size)) {
      throw new MalformedVolumeException(
          Kind.MISMATCH,
          otherName,
          "its grid of "
              + extent(other.size)
              + " voxels (slices x rows x columns) is not that of "
              + name
              + ", "
              + extent(size));
    }
    if (!matches(other)) {
      throw new MalformedVolumeException(
          Kind.MISMATCH,
          otherName,
          "its affine "
              + other.affine
              + " differs by more than "
              + AFFINE_TOLERANCE
              + " mm from that of "
              + name
              + ", "
              + affine);
    }
  }

  private static String extent(GridSize size) {
    return size.slices() + "x" + size.rows() + "x" + size.columns();
  }
}
