package io.medvol.reward.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private static final GridSize SIZE = new GridSize(6, 7, 8);

  @Test
  void diceOfEmptyMasksIsOneAndOfAnEmptyAndAnotherZero() {
    BinaryMask empty = BinaryMask.empty(SIZE);
    BinaryMask voxel = BinaryMask.builder(SIZE).set(1, 2, 3).build();
    assertThat(Overlap.of(empty, empty).dice()).isEqualTo(1);
    assertThat(Overlap.of(empty, empty).dice(0)).isZero();
    assertThat(Overlap.of(empty, voxel).dice()).isZero();
    assertThat(Overlap.of(voxel, empty).iou()).isZero();
    assertThat(Overlap.of(voxel, voxel).dice()).isEqualTo(1);
  }

  @Test
  void twoOfThreeVoxelsShared() {
    BinaryMask a = BinaryMask.builder(SIZE).set(0, 0, 0).set(0, 0, 1).set(0, 0, 2).build();
    BinaryMask b = BinaryMask.builder(SIZE).set(0, 0, 1).set(0, 0, 2).set(0, 0, 3).build();
    assertThat(Overlap.of(a, b).dice()).isCloseTo(2.0 / 3, within(1e-12));
    assertThat(Overlap.of(a, b).iou()).isCloseTo(0.5, within(1e-12));
  }

  @Test
  void distancesAreThoseOfAnExhaustiveSearch() {
    SplittableRandom random = new SplittableRandom(5);
    VoxelSpacing spacing = new VoxelSpacing(2.5, 0.7, 0.9);
    for (int round = 0; round < 60; round++) {
      int[] sources = voxels(random);
      int[] targets = voxels(random);
      double[] found = NearestDistance.between(sources, targets, SIZE, spacing);
      for (int i = 0; i < sources.length; i++) {
        double nearest = Double.POSITIVE_INFINITY;
        for (int target : targets) {
          nearest = Math.min(nearest, distance(sources[i], target, spacing));
        }
        assertThat(found[i]).isCloseTo(nearest, within(1e-9));
      }
    }
  }

  @Test
  void masksOfDifferentGridsAreRefused() {
    assertThatThrownBy(
            () ->
                SurfaceDistances.between(
                    BinaryMask.empty(SIZE),
                    BinaryMask.empty(new GridSize(1, 1, 1)),
                    new VoxelSpacing(1, 1, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("different grids");
  }

  @Test
  void theBootstrapCoversTheTrueMeanAsOftenAsItSays() {
    SplittableRandom random = new SplittableRandom(11);
    int covered = 0;
    for (int study = 0; study < 400; study++) {
      double[] values = new double[40];
      Arrays.setAll(values, i -> random.nextDouble());
      ConfidenceInterval interval = new Bootstrap(400, 0.95, study).mean(values);
      covered += interval.low() <= 0.5 && 0.5 <= interval.high() ? 1 : 0;
    }
    assertThat(covered / 400.0).isBetween(0.90, 0.99);
  }

  @Test
  void pairingFindsADifferenceThatIsSmallAgainstTheSpread() {
    double[] first = {0.1, 0.9, 0.5, 0.3, 0.7, 0.2, 0.8, 0.4};
    double[] second = new double[first.length];
    Arrays.setAll(second, i -> first[i] - 0.02 - 0.001 * (i % 3));
    ConfidenceInterval difference = Bootstrap.withSeed(1).pairedDifference(first, second);
    assertThat(difference.low()).isPositive();
    assertThat(difference.mean()).isBetween(0.02, 0.023);
    assertThat(Bootstrap.withSeed(1).pairedDifference(first, second)).isEqualTo(difference);
  }

  @Test
  void calibrationErrorIsTheWeightedGap() {
    double[] confidences = {0.9, 0.9, 0.9, 0.9, 0.2, 1.0};
    double[] correct = {1, 1, 1, 0, 0, 1};
    // The last bin holds 0.9 four times and 1.0: |4 - 4.6|; the second 0.2: |0 - 0.2|.
    assertThat(Calibration.expectedError(confidences, correct, 10))
        .isCloseTo((0.6 + 0.2) / 6, within(1e-12));
  }

  private static int[] voxels(SplittableRandom random) {
    int count = 1 + random.nextInt(1 + random.nextInt(40));
    return random.ints(count, 0, SIZE.voxels()).distinct().sorted().toArray();
  }

  private static double distance(int a, int b, VoxelSpacing spacing) {
    double z = spacing.slice() * (a / SIZE.pixelsPerSlice() - b / SIZE.pixelsPerSlice());
    double y =
        spacing.row() * (a / SIZE.columns() % SIZE.rows() - b / SIZE.columns() % SIZE.rows());
    double x = spacing.column() * (a % SIZE.columns() - b % SIZE.columns());
    return Math.sqrt(x * x + y * y + z * z);
  }
}
