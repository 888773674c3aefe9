package io.medvol.data.volume;

import java.io.Serializable;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The patient direction in which each voxel index grows. For oblique volumes it is the nearest one:
 * the affine is stripped of spacing and shear (polar decomposition), then the voxel axes, the one
 * closest to a world axis first, each take the world axis they move along most of those left, as
 * nibabel does.
 */
public record Orientation(PatientAxis column, PatientAxis row, PatientAxis slice)
    implements Serializable {
  /** Columns patient right to left, rows front to back, slices head to feet. */
  public static final Orientation CANONICAL =
      new Orientation(PatientAxis.LEFT, PatientAxis.POSTERIOR, PatientAxis.INFERIOR);

  private static final int POLAR_ITERATIONS = 60;

  public Orientation {
    if (column.world() == row.world()
        || row.world() == slice.world()
        || slice.world() == column.world()) {
      throw new IllegalArgumentException(
          "An orientation needs three different axes, not " + column + ", " + row + ", " + slice);
    }
  }

  /** From a code such as {@code RAS}: the directions of columns, rows and slices. */
  public static Orientation parse(String codes) {
    if (codes.length() != 3) {
      throw new IllegalArgumentException("An orientation has three letters, not '" + codes + "'");
    }
    return new Orientation(
        PatientAxis.ofCode(codes.charAt(0)),
        PatientAxis.ofCode(codes.charAt(1)),
        PatientAxis.ofCode(codes.charAt(2)));
  }

  /**
   * The orientation nearest to an affine.
   *
   * @throws IllegalArgumentException if the affine is singular
   */
  public static Orientation of(Affine affine) {
    double[][] turn = rotation(affine);
    PatientAxis[] axes = new PatientAxis[3];
    boolean[] taken = new boolean[3];
    for (int axis : strongestFirst(turn)) {
      int best = -1;
      for (int world = 0; world < 3; world++) {
        if (!taken[world]
            && (best < 0 || Math.abs(turn[world][axis]) > Math.abs(turn[best][axis]))) {
          best = world;
        }
      }
      taken[best] = true;
      axes[axis] = PatientAxis.of(best, turn[best][axis] < 0 ? -1 : 1);
    }
    return new Orientation(axes[0], axes[1], axes[2]);
  }

  private static List<Integer> strongestFirst(double[][] turn) {
    return Stream.of(0, 1, 2)
        .sorted(Comparator.comparingDouble(axis -> -largest(turn, axis)))
        .toList();
  }

  private static double largest(double[][] turn, int axis) {
    return Math.max(
        Math.abs(turn[0][axis]), Math.max(Math.abs(turn[1][axis]), Math.abs(turn[2][axis])));
  }

  /** By voxel axis: 0 column, 1 row, 2 slice. */
  public PatientAxis axis(int voxelAxis) {
    return switch (voxelAxis) {
      case 0 -> column;
      case 1 -> row;
      case 2 -> slice;
      default -> throw new IllegalArgumentException("There is no voxel axis " + voxelAxis);
    };
  }

  /** Three letters for columns, rows and slices, as {@code RAS}. */
  public String codes() {
    return "" + column.code() + row.code() + slice.code();
  }

  /** The orthogonal factor of the direction matrix, by Newton's iteration X ← (X + X⁻ᵀ)/2. */
  private static double[][] rotation(Affine affine) {
    double[][] x = new double[3][3];
    for (int axis = 0; axis < 3; axis++) {
      double spacing = affine.spacing(axis);
      for (int world = 0; world < 3; world++) {
        x[world][axis] = affine.at(world, axis) / spacing;
      }
    }
    for (int step = 0; step < POLAR_ITERATIONS; step++) {
      double[][] cofactors = cofactors(x);
      double determinant =
          x[0][0] * cofactors[0][0] + x[0][1] * cofactors[0][1] + x[0][2] * cofactors[0][2];
      if (!(Math.abs(determinant) > 0) || Double.isInfinite(determinant)) {
        throw new IllegalArgumentException("The affine is singular: " + affine);
      }
      double change = 0;
      for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++) {
          // The inverse transpose is the matrix of cofactors over the determinant.
          double next = (x[i][j] + cofactors[i][j] / determinant) / 2;
          change = Math.max(change, Math.abs(next - x[i][j]));
          x[i][j] = next;
        }
      }
      if (change < 1e-14) {
        break;
      }
    }
    return x;
  }

  private static double[][] cofactors(double[][] m) {
    double[][] c = new double[3][3];
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        int i1 = (i + 1) % 3;
        int i2 = (i + 2) % 3;
        int j1 = (j + 1) % 3;
        int j2 = (j + 2) % 3;
        c[i][j] = m[i1][j1] * m[i2][j2] - m[i1][j2] * m[i2][j1];
      }
    }
    return c;
  }
}
