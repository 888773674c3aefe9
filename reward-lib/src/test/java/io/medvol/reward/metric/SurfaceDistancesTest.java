package io.medvol.reward.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class SurfaceDistancesTest {
  @Test
  void nearAndFarMasksOfAnySpacingHaveTheDistancesOfEveryPairOfBoundaryVoxels() {
    SplittableRandom random = new SplittableRandom(5);
    for (int round = 0; round < 60; round++) {
      GridSize size =
          new GridSize(1 + random.nextInt(30), 1 + random.nextInt(40), 1 + random.nextInt(150));
      VoxelSpacing spacing =
          new VoxelSpacing(
              random.nextDouble(0.3, 6), random.nextDouble(0.3, 3), random.nextDouble(0.3, 3));
      BinaryMask first = boxes(size, random);
      BinaryMask second = boxes(size, random);
      double[] there = distances(first, second, spacing);
      double[] back = distances(second, first, spacing);
      SurfaceDistances measured = SurfaceDistances.between(first, second, spacing);
      for (double tolerance : new double[] {0, 0.5, 2, 5, 25, 200}) {
        double inside =
            DoubleStream.concat(Arrays.stream(there), Arrays.stream(back))
                .filter(distance -> distance <= tolerance + 1e-9)
                .count();
        double expected = inside / (there.length + back.length);
        assertThat(SurfaceDistances.between(first, second, spacing).surfaceDice(tolerance))
            .as("tolerance %s in %s", tolerance, size)
            .isCloseTo(expected, within(1e-12));
        assertThat(measured.surfaceDice(tolerance)).isCloseTo(expected, within(1e-12));
      }
      assertThat(measured.hausdorff()).isCloseTo(Math.max(last(there), last(back)), within(1e-9));
      assertThat(measured.averageSymmetric())
          .isCloseTo(
              (Arrays.stream(there).sum() + Arrays.stream(back).sum())
                  / (there.length + back.length),
              within(1e-9));
      assertThat(measured.surfaceDice(2))
          .as("after all distances are known")
          .isEqualTo(SurfaceDistances.between(first, second, spacing).surfaceDice(2));
    }
  }

  @Test
  void aPercentileOfFewMeasuredVoxelsIsThatOfAll() {
    SplittableRandom random = new SplittableRandom(9);
    for (int round = 0; round < 24; round++) {
      GridSize size =
          new GridSize(20 + random.nextInt(50), 60 + random.nextInt(60), 100 + random.nextInt(100));
      VoxelSpacing spacing =
          new VoxelSpacing(
              random.nextDouble(0.3, 6), random.nextDouble(0.3, 3), random.nextDouble(0.3, 3));
      BinaryMask first = round % 2 == 0 ? specks(size, random) : ellipsoid(size, random, 0.45);
      BinaryMask second = round % 3 == 0 ? boxes(size, random) : ellipsoid(size, random, 0.3);
      SurfaceDistances all = SurfaceDistances.between(first, second, spacing);
      all.averageSymmetric();
      SurfaceDistances few = SurfaceDistances.between(first, second, spacing);
      assertThat(few.hausdorff95())
          .as("%s at %s", size, spacing)
          .isCloseTo(all.hausdorff95(), within(1e-9));
      assertThat(few.hausdorff()).isCloseTo(all.hausdorff(), within(1e-9));
    }
  }

  @Test
  void anEmptyMaskIsNoDistanceAway() {
    GridSize size = new GridSize(3, 3, 3);
    BinaryMask empty = BinaryMask.empty(size);
    BinaryMask.Builder one = BinaryMask.builder(size);
    one.set(1, 1, 1);
    VoxelSpacing spacing = new VoxelSpacing(1, 1, 1);
    assertThat(SurfaceDistances.between(empty, empty, spacing).surfaceDice(1)).isEqualTo(1);
    SurfaceDistances half = SurfaceDistances.between(one.build(), empty, spacing);
    assertThat(half.surfaceDice(1000)).isZero();
    assertThat(half.hausdorff95()).isNaN();
    assertThat(half.firstBoundaryVoxels()).isEqualTo(1);
  }

  /** A few boxes and single voxels, so that some lie far from all of the other mask. */
  private static BinaryMask boxes(GridSize size, SplittableRandom random) {
    BinaryMask.Builder mask = BinaryMask.builder(size);
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      int z = random.nextInt(size.slices());
      int y = random.nextInt(size.rows());
      int x = random.nextInt(size.columns());
      int depth = 1 + random.nextInt(6);
      int height = 1 + random.nextInt(8);
      int width = 1 + random.nextInt(20);
      for (int k = z; k < Math.min(z + depth, size.slices()); k++) {
        for (int j = y; j < Math.min(y + height, size.rows()); j++) {
          for (int at = x; at < Math.min(x + width, size.columns()); at++) {
            mask.set(k, j, at);
          }
        }
      }
    }
    return mask.build();
  }

  private static BinaryMask specks(GridSize size, SplittableRandom random) {
    BinaryMask.Builder mask = BinaryMask.builder(size);
    for (int i = 0; i < 12_000; i++) {
      mask.setIndex(random.nextInt(size.voxels()));
    }
    return mask.build();
  }

  private static BinaryMask ellipsoid(GridSize size, SplittableRandom random, double radius) {
    double z = random.nextDouble(0.2, 0.8);
    double y = random.nextDouble(0.2, 0.8);
    double x = random.nextDouble(0.2, 0.8);
    BinaryMask.Builder mask = BinaryMask.builder(size);
    for (int k = 0; k < size.slices(); k++) {
      for (int j = 0; j < size.rows(); j++) {
        for (int i = 0; i < size.columns(); i++) {
          double dz = k / (double) size.slices() - z;
          double dy = j / (double) size.rows() - y;
          double dx = i / (double) size.columns() - x;
          if (dz * dz + dy * dy + dx * dx < radius * radius) {
            mask.set(k, j, i);
          }
        }
      }
    }
    return mask.build();
  }

  private static double[] distances(BinaryMask from, BinaryMask to, VoxelSpacing spacing) {
    List<int[]> targets = boundary(to);
    return boundary(from).stream()
        .mapToDouble(
            place ->
                targets.stream()
                    .mapToDouble(target -> distance(place, target, spacing))
                    .min()
                    .orElseThrow())
        .sorted()
        .toArray();
  }

  private static double distance(int[] a, int[] b, VoxelSpacing spacing) {
    double z = (a[0] - b[0]) * spacing.slice();
    double y = (a[1] - b[1]) * spacing.row();
    double x = (a[2] - b[2]) * spacing.column();
    return Math.sqrt(z * z + y * y + x * x);
  }

  private static List<int[]> boundary(BinaryMask mask) {
    GridSize size = mask.size();
    List<int[]> found = new ArrayList<>();
    for (int z = 0; z < size.slices(); z++) {
      for (int y = 0; y < size.rows(); y++) {
        for (int x = 0; x < size.columns(); x++) {
          if (mask.get(z, y, x)
              && !(has(mask, z - 1, y, x)
                  && has(mask, z + 1, y, x)
                  && has(mask, z, y - 1, x)
                  && has(mask, z, y + 1, x)
                  && has(mask, z, y, x - 1)
                  && has(mask, z, y, x + 1))) {
            found.add(new int[] {z, y, x});
          }
        }
      }
    }
    return found;
  }

  private static boolean has(BinaryMask mask, int z, int y, int x) {
    GridSize size = mask.size();
    return z >= 0
        && y >= 0
        && x >= 0
        && z < size.slices()
        && y < size.rows()
        && x < size.columns()
        && mask.get(z, y, x);
  }

  private static double last(double[] sorted) {
    return sorted[sorted.length - 1];
  }
}
