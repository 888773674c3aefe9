package io.medvol.data.phantom;

import io.medvol.data.phantom.PhantomAnatomy.Shape;
import io.medvol.data.volume.GridSize;
import java.util.Arrays;

/** Paints ellipsoids into an HU and a label array, later ones over earlier ones. */
final class PhantomCanvas {
  private final GridSize grid;
  private final double[] hu;
  private final short[] labels;
  private final boolean[] closed;

  PhantomCanvas(GridSize grid) {
    this.grid = grid;
    this.hu = new double[grid.voxels()];
    this.labels = new short[grid.voxels()];
    this.closed = new boolean[grid.voxels()];
    Arrays.fill(hu, PhantomAnatomy.AIR_HU);
  }

  /** An ellipsoid turned in the plane, whose centre moves sideways by {@code drift} over z. */
  record Placed(Shape shape, double tilt, double drift) {
    Region region() {
      double cos = StrictMath.cos(tilt);
      double sin = StrictMath.sin(tilt);
      return (x, y, z) -> {
        double dz = z - shape.z();
        double dx = x - shape.x() - drift * dz;
        double dy = y - shape.y();
        double a = (cos * dx + sin * dy) / shape.rx();
        double b = (cos * dy - sin * dx) / shape.ry();
        double c = dz / shape.rz();
        return a * a + b * b + c * c <= 1;
      };
    }
  }

  private interface Region {
    boolean contains(double x, double y, double z);
  }

  /** The trunk; what is painted after it stays inside its rim of fat. */
  void body(double x, double y, double scale) {
    double rx = PhantomAnatomy.BODY_RX * scale;
    double ry = PhantomAnatomy.BODY_RY * scale;
    double rim = PhantomAnatomy.FAT_RIM;
    tube(x, y, rx, ry, PhantomAnatomy.FAT_HU, 0);
    tube(x, y, rx - rim, ry - rim, PhantomAnatomy.BODY_HU, 0);
    for (int i = 0; i < hu.length; i++) {
      closed[i] = hu[i] != PhantomAnatomy.BODY_HU;
    }
  }

  /** A tube along z. */
  void tube(double x, double y, double rx, double ry, double value, int label) {
    paint(
        (px, py, pz) -> {
          double a = (px - x) / rx;
          double b = (py - y) / ry;
          return a * a + b * b <= 1;
        },
        value,
        label,
        0);
  }

  /**
   * @param inside label whose voxels alone may be painted; 0 for all
   */
  void ellipsoid(Placed placed, int label, int inside) {
    paint(placed.region(), placed.shape().hu(), label, inside);
  }

  int count(int label) {
    int count = 0;
    for (short value : labels) {
      count += value == label ? 1 : 0;
    }
    return count;
  }

  short[] labels() {
    return labels;
  }

  /** HU values with noise, rounded, in the range of 12-bit scanners. */
  short[] noisy(PhantomRandom random, double sigma) {
    short[] values = new short[hu.length];
    for (int i = 0; i < hu.length; i++) {
      double value = StrictMath.rint(hu[i] + sigma * random.normal());
      values[i] = (short) Math.max(-1024, Math.min(3071, value));
    }
    return values;
  }

  private void paint(Region region, double value, int label, int inside) {
    int at = 0;
    for (int slice = 0; slice < grid.slices(); slice++) {
      double z = (slice + 0.5) / grid.slices();
      for (int row = 0; row < grid.rows(); row++) {
        double y = (row + 0.5) / grid.rows();
        for (int column = 0; column < grid.columns(); column++, at++) {
          double x = (column + 0.5) / grid.columns();
          boolean open = !closed[at] && (inside == 0 || labels[at] == inside);
          if (open && region.contains(x, y, z)) {
            hu[at] = value;
            labels[at] = (short) label;
          }
        }
      }
    }
  }
}
