package io.medvol.data.nifti;

import io.medvol.data.volume.Affine;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.MalformedVolumeException;
import io.medvol.data.volume.MalformedVolumeException.Kind;

/**
 * The affine of a header: the sform if its code is positive, else the qform, else {@link
 * NiftiHeader.AffineSource#NONE}. Units are taken for millimetres, as nibabel does.
 */
final class NiftiAffine {
  /**
   * Squared length by which a quaternion may exceed 1: writers that round it are read as by {@code
   * nifti1_io}, which makes every one a half turn of length 1.
   */
  private static final double QUATERNION_TOLERANCE = 1e-4;

  /**
   * Below this the rest of the squared length is the rounding of single precision, and the rotation
   * a half turn, as in {@code nifti1_io}.
   */
  private static final double HALF_TURN = 1e-7;

  private static final double MIN_SPACING = 1e-5;
  private static final double MAX_SPACING = 1e5;
  private static final double MAX_POSITION = 1e7;

  /** Volume of the unit cell against a box of the same edges, below which axes are coplanar. */
  private static final double MIN_VOLUME = 1e-4;

  private final String name;

  NiftiAffine(String name) {
    this.name = name;
  }

  Affine sform(double[] rows) {
    return checked("sform", rows);
  }

  /** The method 2 of {@code nifti1.h}: spacings, unit quaternion (b, c, d) and offset. */
  Affine qform(double qfac, double[] spacing, double[] bcd, double[] offset) {
    double b = bcd[0];
    double c = bcd[1];
    double d = bcd[2];
    double rest = 1 - (b * b + c * c + d * d);
    if (!(rest >= -QUATERNION_TOLERANCE)) {
      throw malformed("its qform quaternion (" + b + ", " + c + ", " + d + ") is longer than 1");
    }
    double a = 0;
    if (rest < HALF_TURN) {
      double norm = Math.sqrt(b * b + c * c + d * d);
      b /= norm;
      c /= norm;
      d /= norm;
    } else {
      a = Math.sqrt(rest);
    }
    double[][] turn = {
      {a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)},
      {2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)},
      {2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c}
    };
    double[] steps = {spacing[0], spacing[1], qfac < 0 ? -spacing[2] : spacing[2]};
    double[] rows = new double[12];
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        rows[i * 4 + j] = turn[i][j] * steps[j];
      }
      rows[i * 4 + 3] = offset[i];
    }
    return checked("qform", rows);
  }

  Affine withoutForm(GridSize size, double[] spacing) {
    double x = spacing[0];
    double y = spacing[1];
    double z = spacing[2];
    return checked(
        "voxel spacing",
        new double[] {
          -x,
          0,
          0,
          x * (size.columns() - 1) / 2,
          0,
          y,
          0,
          -y * (size.rows() - 1) / 2,
          0,
          0,
          z,
          -z * (size.slices() - 1) / 2
        });
  }

  /** The spacings of the header, of which an axis the file does not have may be absent. */
  double[] spacing(double[] pixdim, int rank) {
    double[] spacing = new double[3];
    for (int axis = 0; axis < 3; axis++) {
      double value = pixdim[axis + 1];
      spacing[axis] = axis >= rank && !(value > 0) ? 1 : value;
      if (!(spacing[axis] > 0)) {
        throw malformed("its voxel spacing along axis " + axis + " is " + value);
      }
    }
    return spacing;
  }

  private Affine checked(String source, double[] rows) {
    for (double value : rows) {
      if (!Double.isFinite(value)) {
        throw malformed("its " + source + " holds " + value + ", no finite number");
      }
    }
    Affine affine = Affine.ofRows(rows);
    double box = 1;
    for (int axis = 0; axis < 3; axis++) {
      double spacing = affine.spacing(axis);
      if (!(spacing >= MIN_SPACING && spacing <= MAX_SPACING)) {
        throw malformed(
            "its "
                + source
                + " spaces the voxels along axis "
                + axis
                + " by "
                + spacing
                + " mm, outside "
                + MIN_SPACING
                + ".."
                + MAX_SPACING);
      }
      if (Math.abs(affine.at(axis, 3)) > MAX_POSITION) {
        throw malformed("its " + source + " places the first voxel at " + affine.at(axis, 3));
      }
      box *= spacing;
    }
    if (!(Math.abs(affine.determinant()) > MIN_VOLUME * box)) {
      throw malformed("its " + source + " is singular: " + affine);
    }
    return affine;
  }

  private MalformedVolumeException malformed(String sentence) {
    return new MalformedVolumeException(Kind.AFFINE, name, sentence);
  }
}
