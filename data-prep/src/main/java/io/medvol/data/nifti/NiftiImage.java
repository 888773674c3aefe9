package io.medvol.data.nifti;

import io.medvol.data.volume.CtVolume;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.LabelVolume;
import io.medvol.data.volume.MalformedVolumeException;
import io.medvol.data.volume.MalformedVolumeException.Kind;
import io.medvol.data.volume.Orientation;
import io.medvol.data.volume.Reorientation;
import io.medvol.data.volume.VolumeGeometry;

/**
 * A NIfTI volume as its file holds it: voxels along the file's own axes, columns fastest. Immutable
 * and thread-safe.
 */
public final class NiftiImage {
  /** How far a label may lie from a whole number: room for a slope in single precision. */
  private static final double LABEL_TOLERANCE = 1e-3;

  private final String name;
  private final NiftiHeader header;
  private final VoxelBytes voxels;

  NiftiImage(String name, NiftiHeader header, VoxelBytes voxels) {
    this.name = name;
    this.header = header;
    this.voxels = voxels;
  }

  /** The name under which it was read. */
  public String name() {
    return name;
  }

  public NiftiHeader header() {
    return header;
  }

  /** Of the file's own axes. */
  public VolumeGeometry geometry() {
    return header.geometry();
  }

  /** One row of values as stored, before scaling; 64-bit integers are rounded to doubles. */
  public double[] storedRow(int slice, int row) {
    GridSize size = geometry().size();
    double[] values = new double[size.columns()];
    voxels.decode(header.type(), size.index(slice, row, 0), values);
    return values;
  }

  /** One row of values: stored · slope + intercept in double precision. */
  public double[] row(int slice, int row) {
    double[] values = storedRow(slice, row);
    if (header.slope() != 1 || header.intercept() != 0) {
      for (int i = 0; i < values.length; i++) {
        values[i] = values[i] * header.slope() + header.intercept();
      }
    }
    return values;
  }

  /**
   * The scan in canonical axes; values are rounded half to even and clamped to 16 bits.
   *
   * @throws MalformedVolumeException if a voxel is not finite
   */
  public CtVolume toCtVolume() {
    Reorientation canonical = Reorientation.of(geometry(), Orientation.CANONICAL);
    short[] hu = new short[geometry().size().voxels()];
    long bad = 0;
    GridSize size = geometry().size();
    for (int slice = 0; slice < size.slices(); slice++) {
      for (int row = 0; row < size.rows(); row++) {
        int to = canonical.index(slice, row, 0);
        for (double value : row(slice, row)) {
          if (!Double.isFinite(value)) {
            bad++;
          }
          hu[to] = (short) Math.rint(Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, value)));
          to += canonical.columnStride();
        }
      }
    }
    if (bad > 0) {
      throw new MalformedVolumeException(
          Kind.VALUES,
          name,
          bad + " of its " + hu.length + " voxels are NaN or infinite, not Hounsfield units");
    }
    return new CtVolume(canonical.target(), hu);
  }

  /**
   * The label map in canonical axes.
   *
   * @throws MalformedVolumeException if a voxel is no whole number in 0..32767
   */
  public LabelVolume toLabelVolume() {
    Reorientation canonical = Reorientation.of(geometry(), Orientation.CANONICAL);
    short[] labels = new short[geometry().size().voxels()];
    long bad = 0;
    double example = 0;
    GridSize size = geometry().size();
    for (int slice = 0; slice < size.slices(); slice++) {
      for (int row = 0; row < size.rows(); row++) {
        int to = canonical.index(slice, row, 0);
        for (double value : row(slice, row)) {
          double whole = Math.rint(value);
          if (!(whole >= 0 && whole <= Short.MAX_VALUE)
              || Math.abs(value - whole) > LABEL_TOLERANCE) {
            bad++;
            example = value;
          }
          labels[to] = (short) whole;
          to += canonical.columnStride();
        }
      }
    }
    if (bad > 0) {
      throw new MalformedVolumeException(
          Kind.VALUES,
          name,
          bad
              + " of its "
              + labels.length
              + " voxels are no labels: expected whole numbers in 0..32767, found "
              + example);
    }
    return new LabelVolume(canonical.target(), labels);
  }
}
