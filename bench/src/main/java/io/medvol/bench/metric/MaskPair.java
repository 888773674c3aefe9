package io.medvol.bench.metric;

import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;
import java.util.SplittableRandom;

/** A mask of an expert and one to compare with it, at the size of a large scan. */
public enum MaskPair {
  /** A kidney with a rough surface; the copy is three voxels off. */
  ORGAN(new double[] {150, 256, 200}, new double[] {50, 60, 45}, 3),
  /** The whole body; the copy is three voxels off. */
  BODY(new double[] {150, 256, 256}, new double[] {400, 150, 220}, 3),
  /** An ellipsoid that fills the volume; the copy is three voxels off. */
  WHOLE(new double[] {150, 256, 256}, new double[] {148, 250, 250}, 3),
  /** The whole body; the copy is forty voxels off, so that few voxels lie near the other. */
  BODY_FAR(new double[] {150, 256, 256}, new double[] {400, 150, 180}, 40),
  /** An ellipsoid; the copy is forty voxels off. */
  ELLIPSOID_FAR(new double[] {150, 256, 230}, new double[] {148, 200, 180}, 40),
  /** Two thousand lesions of two to ten voxels' radius all over the volume, and as many others. */
  LESIONS {
    @Override
    BinaryMask expert() {
      return lesions(1, 2000);
    }

    @Override
    BinaryMask copy() {
      return lesions(2, 2000);
    }
  },
  /** One voxel of two hundred, drawn twice: nearly four hundred thousand components each. */
  SPECKS {
    @Override
    BinaryMask expert() {
      return specks(1);
    }

    @Override
    BinaryMask copy() {
      return specks(2);
    }
  },
  /** Everything against one voxel in a corner. */
  ALL_AND_ONE {
    @Override
    BinaryMask expert() {
      return BinaryMask.builder(SIZE).set(0, 0, 0).build();
    }

    @Override
    BinaryMask copy() {
      return everything();
    }
  },
  /** Everything against nothing. */
  ALL_AND_NOTHING {
    @Override
    BinaryMask expert() {
      return BinaryMask.empty(SIZE);
    }

    @Override
    BinaryMask copy() {
      return everything();
    }
  };

  /** Of a surface, in parts of the radius. */
  private static final double ROUGH = 0.02;

  static final GridSize SIZE = new GridSize(300, 512, 512);

  private final double[] centre;
  private final double[] radii;
  private final int offset;

  MaskPair() {
    this(new double[0], new double[0], 0);
  }

  MaskPair(double[] centre, double[] radii, int offset) {
    this.centre = centre;
    this.radii = radii;
    this.offset = offset;
  }

  BinaryMask expert() {
    return ellipsoid(0);
  }

  BinaryMask copy() {
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
          double inside = dz * dz + dy * dy + dx * dx;
          if (inside < 1 - ROUGH || inside < 1 + ROUGH && inside + rough(z, y, x, shift) < 1) {
            mask.set(z, y, x);
          }
        }
      }
    }
    return mask.build();
  }

  private static double rough(int z, int y, int x, int shift) {
    return ROUGH * Math.sin(0.7 * x + 1.3 * y) * Math.sin(0.9 * z + shift);
  }

  private static BinaryMask lesions(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    BinaryMask.Builder mask = BinaryMask.builder(SIZE);
    for (int i = 0; i < count; i++) {
      int radius = 2 + random.nextInt(9);
      int z = radius + random.nextInt(SIZE.slices() - 2 * radius);
      int y = radius + random.nextInt(SIZE.rows() - 2 * radius);
      int x = radius + random.nextInt(SIZE.columns() - 2 * radius);
      for (int dz = -radius; dz <= radius; dz++) {
        for (int dy = -radius; dy <= radius; dy++) {
          for (int dx = -radius; dx <= radius; dx++) {
            if (dz * dz + dy * dy + dx * dx <= radius * radius) {
              mask.set(z + dz, y + dy, x + dx);
            }
          }
        }
      }
    }
    return mask.build();
  }

  private static BinaryMask specks(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    BinaryMask.Builder mask = BinaryMask.builder(SIZE);
    for (int i = 0; i < SIZE.voxels() / 200; i++) {
      mask.setIndex(random.nextInt(SIZE.voxels()));
    }
    return mask.build();
  }

  private static BinaryMask everything() {
    BinaryMask.Builder mask = BinaryMask.builder(SIZE);
    for (int i = 0; i < SIZE.voxels(); i++) {
      mask.setIndex(i);
    }
    return mask.build();
  }
}
