package io.medvol.reward.propagation;

import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.CtVolume;
import io.medvol.data.volume.GridSize;
import io.medvol.reward.TestVolumes;
import java.util.Random;

/**
 * A noisy scan with an ellipsoid organ (120 HU) beside a brighter one (260 HU) in soft tissue (40
 * HU) that is surrounded by air.
 */
public record EllipsoidScan(CtVolume volume, BinaryMask organ) {
  public static EllipsoidScan make(long seed) {
    GridSize size = new GridSize(30, 72, 80);
    Random random = new Random(seed);
    short[] hu = new short[size.voxels()];
    BinaryMask.Builder organ = BinaryMask.builder(size);
    for (int z = 0; z < size.slices(); z++) {
      for (int y = 0; y < size.rows(); y++) {
        for (int x = 0; x < size.columns(); x++) {
          double value = inside(z - 12, 100, y - 36, 32, x - 40, 36) ? 40 : -1000;
          if (inside(z - 15, 6, y - 40, 9, x - 58, 8)) {
            value = 260;
          }
          if (inside(z - 11, 8, y - 34, 12, x - 32, 14)) {
            value = 120;
            organ.set(z, y, x);
          }
          hu[size.index(z, y, x)] = (short) Math.round(value + 12 * random.nextGaussian());
        }
      }
    }
    return new EllipsoidScan(TestVolumes.of(size, hu), organ.build());
  }

  private static boolean inside(double z, double rz, double y, double ry, double x, double rx) {
    return z * z / (rz * rz) + y * y / (ry * ry) + x * x / (rx * rx) < 1;
  }
}
