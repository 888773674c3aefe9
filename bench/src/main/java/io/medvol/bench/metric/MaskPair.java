package io.medvol.bench.metric;

import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;

/** A mask and a faulty copy of it, both with the rough surface an expert leaves. */
public enum MaskPair {
  /** A kidney; the copy is three voxels off. */
  ORGAN(new double[] {150, 256, 200}, new double[] {50, 60, 45}, 3),
  /** The whole body; the copy is three voxels off. */
  BODY(new double[] {150, 256, 256}, new double[] {400, 150, 220}, 3),
  /** An ellipsoid that fills the volume; the copy is three voxels off. */
  WHOLE(new double[] {150, 256, 256}, new double[] {148, 250, 250}, 3),
  /** The whole body; the copy is forty voxels off, so that few voxels lie near the other. */
  BODY_FAR(new double[] {150, 256, 256}, new double[] {400, 150, 180}, 40),
  /** An ellipsoid; the copy is forty voxels off. */
  ELLIPSOID_FAR(new double[] {150, 256, 230}, new double[] {148, 200, 180}, 40);

  public static final GridSize SIZE = new GridSize(300, 512, 512);

  private final double[] centre;
  private final double[] radii;
  private final int offset;

  MaskPair(double[] centre, double[] radii, int offset) {
    this.centre = centre;
    this.radii = radii;
    this.offset = offset;
  }

  public BinaryMask expert() {
    return ellipsoid(0);
  }

  public BinaryMask copy() {
    return ellipsoid(offset);
  }

  private BinaryMask ellipsoid(int shift) {
    BinaryMask.Builder mask = BinaryMask.builder(SIZE);
    for (int z = 0; z < SIZE.slices(); z++) {
      double dz = (z - centre[0]) / radii[0];
      for (int y = 0; y < SIZE.rows(); y++) {
        double dy = (y - centre[1]) / radii[1];
        for (int x = 0; x < SIZE.columns(); x++) {
          double dx = (x - shift - centre[2]) / radii[2];
          double rough = 0.02 * Math.sin(0.7 * x + 1.3 * y) * Math.sin(0.9 * z + shift);
          if (dz * dz + dy * dy + dx * dx + rough < 1) {
            mask.set(z, y, x);
          }
        }
      }
    }
    return mask.build();
  }
}
