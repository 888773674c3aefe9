package io.medvol.data.volume;

import io.medvol.data.volume.MalformedVolumeException.Kind;
import java.io.Serializable;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Where the voxels of a volume lie in the patient: world = affine · (column, row, slice, 1), in
 * millimetres RAS+.
 */
public record VolumeGeometry(GridSize size, Affine affine) implements Serializable {
  /** Largest distance of two grids, in voxels, that counts as rounding. */
  public static final double ROUNDING_VOXELS = 0.01;

  /** Largest distance of two grids, in voxels, at which each voxel still has its counterpart. */
  public static final double LARGEST_OFFSET_VOXELS = 0.5;

  /**
   * How far the voxels of two grids of one size lie apart at most.
   *
   * @param millimetres distance in the patient
   * @param voxels distance along the axis where it is largest, in voxels
   */
  public record Offset(double millimetres, double voxels) {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%.3g mm (%.2g voxels)", millimetres, voxels);
    }
  }

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

  /** Whether both describe the same voxels, up to {@link #ROUNDING_VOXELS}. */
  public boolean matches(VolumeGeometry other) {
    return size.equals(other.size) && offset(other).voxels() <= ROUNDING_VOXELS;
  }

  /**
   * Requires that a file (labels, a prediction) lies on this grid.
   *
   * @return a sentence about the file if it lies off this grid by more than rounding
   * @throws MalformedVolumeException of kind {@link Kind#MISMATCH}, with both shapes or the offset,
   *     if the size differs or the offset is above {@link #LARGEST_OFFSET_VOXELS}
   */
  public Optional<String> requireMatch(String name, String otherName, VolumeGeometry other) {
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
    Offset offset = offset(other);
    if (!(offset.voxels() <= LARGEST_OFFSET_VOXELS)) {
      throw new MalformedVolumeException(
          Kind.MISMATCH,
          otherName,
          "its voxels lie up to "
              + offset
              + " away from those of "
              + name
              + "; at most half a voxel is read. Its affine is "
              + other.affine
              + ", the other "
              + affine);
    }
    return offset.voxels() <= ROUNDING_VOXELS
        ? Optional.empty()
        : Optional.of(
            otherName
                + ": its voxels lie up to "
                + offset
                + " away from those of "
                + name
                + "; they are taken for the same.");
  }

  /** The largest offset of a grid of the same size; two affine maps differ most at a corner. */
  private Offset offset(VolumeGeometry other) {
    double millimetres = 0;
    double voxels = 0;
    for (int corner = 0; corner < 8; corner++) {
      double column = (corner & 1) == 0 ? 0 : size.columns() - 1;
      double row = (corner & 2) == 0 ? 0 : size.rows() - 1;
      double slice = (corner & 4) == 0 ? 0 : size.slices() - 1;
      double[] here = affine.apply(column, row, slice);
      double[] there = other.affine.apply(column, row, slice);
      double[] gap = {there[0] - here[0], there[1] - here[1], there[2] - here[2]};
      millimetres = Math.max(millimetres, Math.hypot(Math.hypot(gap[0], gap[1]), gap[2]));
      for (int axis = 0; axis < 3; axis++) {
        double along = 0;
        for (int world = 0; world < 3; world++) {
          along += gap[world] * affine.at(world, axis) / affine.spacing(axis);
        }
        voxels = Math.max(voxels, Math.abs(along) / affine.spacing(axis));
      }
    }
    return new Offset(millimetres, voxels);
  }

  private static String extent(GridSize size) {
    return size.slices() + "x" + size.rows() + "x" + size.columns();
  }
}
