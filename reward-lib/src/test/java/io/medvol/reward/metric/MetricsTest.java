package io.medvol.reward.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
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
  void distancesAreThoseOfAnExhaustiveSearchInEveryWayOfLooking() {
    SplittableRandom random = new SplittableRandom(5);
    for (int round = 0; round < 120; round++) {
      GridSize size =
          new GridSize(1 + random.nextInt(9), 1 + random.nextInt(40), 1 + random.nextInt(200));
      VoxelSpacing spacing =
          new VoxelSpacing(
              0.2 + 5 * random.nextDouble(), 0.2 + random.nextDouble(), 0.2 + random.nextDouble());
      int[] targets = voxels(random, size);
      BinaryMask.Builder mask = BinaryMask.builder(size);
      Arrays.stream(targets).forEach(mask::setIndex);
      VoxelBits bits = VoxelBits.of(mask.build(), 0, size.slices() - 1);
      assertThat(bits.count()).isEqualTo(targets.length);
      NearSearch near = new NearSearch(bits, spacing);
      BlockSearch blocks = new BlockSearch(bits, spacing);
      LinearDistance linear = new LinearDistance(bits, spacing);
      VoxelPlaces grid = VoxelPlaces.of(bits, spacing);
      for (int source : voxels(random, size)) {
        double nearest = Double.POSITIVE_INFINITY;
        for (int target : targets) {
          nearest = Math.min(nearest, distance(source, target, size, spacing));
        }
        int slice = source / size.pixelsPerSlice();
        int row = source / size.columns() % size.rows();
        int column = source % size.columns();
        double looked = near.squaredDistance(slice, row, column);
        if (looked != NearSearch.FAR) {
          assertThat(Math.sqrt(looked)).isCloseTo(nearest, within(1e-9));
        }
        double searched = blocks.squaredDistance(slice, row, column);
        if (searched != BlockSearch.FAR || nearest < 10) {
          assertThat(Math.sqrt(searched)).isCloseTo(nearest, within(1e-9));
        }
        double[] transformed = linear.squaredDistances(new int[] {grid.place(slice, row, column)});
        assertThat(Math.sqrt(transformed[0])).isCloseTo(nearest, within(1e-9));
      }
    }
  }

  @Test
  void manyPlacesTogetherHaveTheDistancesTheyHaveAlone() {
    SplittableRandom random = new SplittableRandom(6);
    GridSize size = new GridSize(7, 30, 150);
    BinaryMask.Builder mask = BinaryMask.builder(size);
    Arrays.stream(voxels(random, size)).forEach(mask::setIndex);
    LinearDistance linear =
        new LinearDistance(
            VoxelBits.of(mask.build(), 0, size.slices() - 1), new VoxelSpacing(3, 0.5, 0.8));
    int[] places = random.ints(3000, 0, size.voxels()).distinct().sorted().toArray();
    double[] together = linear.squaredDistances(places);
    for (int i = 0; i < places.length; i++) {
      assertThat(linear.squaredDistances(new int[] {places[i]})[0])
          .isCloseTo(together[i], within(1e-9));
    }
  }

  @Test
  void aBoundaryVoxelHasAFaceNeighbourOutside() {
    SplittableRandom random = new SplittableRandom(8);
    for (int columns : new int[] {1, 5, 63, 64, 65, 130}) {
      GridSize size = new GridSize(4, 5, columns);
      BinaryMask.Builder builder = BinaryMask.builder(size);
      for (int index = 0; index < size.voxels(); index++) {
        if (random.nextInt(10) > 0) {
          builder.setIndex(index);
        }
      }
      BinaryMask mask = builder.build();
      VoxelBits boundary = VoxelBits.of(mask, 0, size.slices() - 1).boundary();
      for (int z = 0; z < 4; z++) {
        for (int y = 0; y < 5; y++) {
          for (int x = 0; x < columns; x++) {
            boolean inside =
                has(mask, z - 1, y, x)
                    && has(mask, z + 1, y, x)
                    && has(mask, z, y - 1, x)
                    && has(mask, z, y + 1, x)
                    && has(mask, z, y, x - 1)
                    && has(mask, z, y, x + 1);
            assertThat(boundary.next(boundary.row(z, y), x) == x)
                .isEqualTo(has(mask, z, y, x) && !inside);
          }
        }
      }
    }
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

  @Test
  void aRankIsTheOneOfTheSortedValues() {
    SplittableRandom random = new SplittableRandom(9);
    for (int round = 0; round < 200; round++) {
      double[] values =
          random.doubles(1 + random.nextInt(60)).map(v -> Math.floor(v * 10)).toArray();
      double[] sorted = values.clone();
      Arrays.sort(sorted);
      int rank = random.nextInt(values.length);
      assertThat(Selection.of(values, rank)).isEqualTo(sorted[rank]);
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
    double[] differences = new double[first.length];
    Arrays.setAll(differences, i -> first[i] - second[i]);
    ConfidenceInterval difference = Bootstrap.withSeed(1).mean(differences);
    assertThat(difference.low()).isPositive();
    assertThat(difference.mean()).isBetween(0.02, 0.023);
    assertThat(Bootstrap.withSeed(1).mean(differences)).isEqualTo(difference);
  }

  @Test
  void copiesOfAScansQuestionsNarrowNothing() {
    List<double[]> once = List.of(new double[] {0.1}, new double[] {0.5}, new double[] {0.9, 0.7});
    List<double[]> tenTimes = once.stream().map(MetricsTest::tenTimes).toList();
    ConfidenceInterval single = Bootstrap.withSeed(1).mean(once);
    ConfidenceInterval copied = Bootstrap.withSeed(1).mean(tenTimes);
    assertThat(copied.mean()).isCloseTo(single.mean(), within(1e-12));
    assertThat(copied.low()).isCloseTo(single.low(), within(1e-12));
    assertThat(copied.high()).isCloseTo(single.high(), within(1e-12));
    assertThat(PairedTest.pValue(tenTimes, 1)).isEqualTo(PairedTest.pValue(once, 1));
    assertThat(PairedComparison.of(tenTimes, 1).clusters()).isEqualTo(3);
  }

  @Test
  void oneScanHasNoInterval() {
    ConfidenceInterval one = Bootstrap.withSeed(1).mean(List.of(new double[] {0.2, 0.4}));
    assertThat(one.mean()).isCloseTo(0.3, within(1e-12));
    assertThat(one.low()).isNaN();
    assertThat(one.high()).isNaN();
  }

  private static double[] tenTimes(double[] values) {
    double[] copies = new double[10 * values.length];
    Arrays.setAll(copies, i -> values[i % values.length]);
    return copies;
  }

  private static List<double[]> differences(double[] first, double[] second) {
    return IntStream.range(0, first.length)
        .mapToObj(i -> new double[] {first[i] - second[i]})
        .toList();
  }

  @Test
  void thePairedTestIsExactForFewCasesAndSmallForAClearDifference() {
    // All four signs of two equal differences: two of them are as extreme.
    assertThat(PairedTest.pValue(differences(new double[] {1, 1}, new double[2]), 1))
        .isEqualTo(0.5);
    assertThat(PairedTest.pValue(differences(new double[] {1, 0}, new double[] {0, 1}), 1))
        .isEqualTo(1);
    SplittableRandom random = new SplittableRandom(3);
    double[] first = random.doubles(40).toArray();
    double[] shifted = Arrays.stream(first).map(v -> v + 0.1 * random.nextDouble()).toArray();
    assertThat(PairedTest.pValue(differences(first, shifted), 1)).isLessThan(0.001);
    double[] other = random.doubles(40).toArray();
    assertThat(PairedTest.pValue(differences(first, other), 1)).isGreaterThan(0.01);
  }

  @Test
  void riskCoverageIsLowWhereTheSureAnswersAreRight() {
    double[] correct = {1, 1, 0, 0};
    double[] sure = {0.9, 0.8, 0.2, 0.1};
    assertThat(Calibration.areaUnderRiskCoverage(sure, correct))
        .isCloseTo((0 + 0 + 1 / 3.0 + 2 / 4.0) / 4, within(1e-12));
    assertThat(Calibration.areaUnderRiskCoverage(new double[] {1, 1, 1, 1}, correct))
        .isCloseTo(0.5, within(1e-12));
  }

  @Test
  void lesionsAreMatchedOneToOne() {
    GridSize size = new GridSize(3, 10, 10);
    BinaryMask.Builder expert = BinaryMask.builder(size);
    BinaryMask.Builder answer = BinaryMask.builder(size);
    block(expert, 0, 0);
    block(expert, 0, 6);
    block(expert, 6, 0);
    block(answer, 0, 0);
    block(answer, 1, 6);
    block(answer, 7, 7);
    LesionDetection detection =
        LesionDetection.of(answer.build(), expert.build(), LesionDetection.SAME_LESION_IOU);
    assertThat(detection).isEqualTo(new LesionDetection(2, 1, 1));
    assertThat(detection.precision()).isCloseTo(2.0 / 3, within(1e-12));
    assertThat(detection.recall()).isCloseTo(2.0 / 3, within(1e-12));
    assertThat(detection.f1()).isCloseTo(2.0 / 3, within(1e-12));
    BinaryMask none = BinaryMask.empty(size);
    assertThat(LesionDetection.of(none, none, 0.1).f1()).isEqualTo(1);
    assertThat(LesionDetection.of(none, expert.build(), 0.1).f1()).isZero();
  }

  @Test
  void aPairedComparisonHasTheDifferenceItsIntervalAndItsTest() {
    double[] first = new double[40];
    double[] second = new double[40];
    for (int i = 0; i < first.length; i++) {
      second[i] = i % 5;
      first[i] = second[i] + (i % 2 == 0 ? 0.5 : 0.25);
    }
    PairedComparison comparison = PairedComparison.of(differences(first, second), 3);
    assertThat(comparison.cases()).isEqualTo(40);
    assertThat(comparison.difference().mean()).isCloseTo(0.375, within(1e-12));
    assertThat(comparison.difference().low()).isBetween(0.25, 0.375);
    assertThat(comparison.difference().high()).isBetween(0.375, 0.5);
    assertThat(comparison.pValue()).isLessThan(0.001);
  }

  @Test
  void aHierarchicalClassHoldsWhatLiesInsideIt() {
    GridSize size = new GridSize(1, 1, 4);
    BinaryMask kidney = BinaryMask.builder(size).set(0, 0, 0).build();
    BinaryMask tumor = BinaryMask.builder(size).set(0, 0, 1).build();
    BinaryMask cyst = BinaryMask.builder(size).set(0, 0, 2).build();
    Map<HierarchicalClass.Structure, BinaryMask> masks =
        Map.of(
            HierarchicalClass.Structure.KIDNEY, kidney,
            HierarchicalClass.Structure.TUMOR, tumor,
            HierarchicalClass.Structure.CYST, cyst);
    assertThat(HierarchicalClass.KIDNEY_AND_MASSES.of(masks).count()).isEqualTo(3);
    assertThat(HierarchicalClass.MASSES.of(masks))
        .isEqualTo(BinaryMask.builder(size).set(0, 0, 1).set(0, 0, 2).build());
    assertThat(HierarchicalClass.TUMOR.of(masks)).isEqualTo(tumor);
  }

  private static void block(BinaryMask.Builder mask, int row, int column) {
    for (int y = row; y < row + 3; y++) {
      for (int x = column; x < column + 3; x++) {
        mask.set(1, y, x);
      }
    }
  }

  @Test
  void calibrationErrorIsTheWeightedGap() {
    double[] confidences = {0.9, 0.9, 0.9, 0.9, 0.2, 1.0};
    double[] correct = {1, 1, 1, 0, 0, 1};
    // The last bin holds 0.9 four times and 1.0: |4 - 4.6|; the second 0.2: |0 - 0.2|.
    assertThat(Calibration.expectedError(confidences, correct, 10))
        .isCloseTo((0.6 + 0.2) / 6, within(1e-12));
  }

  private static int[] voxels(SplittableRandom random, GridSize size) {
    int count = 1 + random.nextInt(1 + random.nextInt(40));
    return random.ints(count, 0, size.voxels()).distinct().sorted().toArray();
  }

  private static double distance(int a, int b, GridSize size, VoxelSpacing spacing) {
    double z = spacing.slice() * (a / size.pixelsPerSlice() - b / size.pixelsPerSlice());
    double y =
        spacing.row() * (a / size.columns() % size.rows() - b / size.columns() % size.rows());
    double x = spacing.column() * (a % size.columns() - b % size.columns());
    return Math.sqrt(x * x + y * y + z * z);
  }
}
