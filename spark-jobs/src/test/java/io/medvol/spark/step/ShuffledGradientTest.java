package io.medvol.spark.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.rollout.objective.ObjectiveSums;
import io.medvol.rollout.trajectory.FloatVector;
import io.medvol.rollout.trajectory.GradientShard;
import io.medvol.rollout.trajectory.GradientSum;
import io.medvol.spark.SharedSpark;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShuffledGradientTest {
  private static final JavaSparkContext SPARK =
      JavaSparkContext.fromSparkContext(SharedSpark.session().sparkContext());

  /** Sizes of both signs that differ by many powers of two: any other order has other bits. */
  @ParameterizedTest
  @CsvSource({"1, 10", "3, 1000", "7, 3", "16, 10007"})
  void everyElementIsAddedInTheOrderOfThePartitions(int partitions, int length) {
    List<PartResult<GradientShard>> shards =
        IntStream.range(0, partitions).mapToObj(p -> shard(p, length)).toList();
    JavaRDD<PartResult<GradientShard>> spread = SPARK.parallelize(shards, partitions);

    List<GradientSlice> slices = ShuffledGradient.slices(spread).collect();

    assertThat(slices).hasSize(partitions);
    assertThat(ShuffledGradient.join(slices))
        .isEqualTo(GradientSum.of(shards.stream().map(PartResult::value).toList()));
    assertThat(slices.get(0).works()).isEqualTo(shards.stream().map(PartResult::work).toList());
  }

  private static PartResult<GradientShard> shard(int partition, int length) {
    Random random = new Random(partition);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = Math.scalb((float) random.nextGaussian(), random.nextInt(60) - 30);
    }
    return new PartResult<>(
        new GradientShard(
            partition, FloatVector.wrap(values), sums(Math.scalb(1.1, 20 * (partition % 4)))),
        new TaskWork("executor-" + partition, "cpu", "", partition));
  }

  private static ObjectiveSums sums(double loss) {
    ObjectiveSums zero = ObjectiveSums.ZERO;
    return new ObjectiveSums(loss, 1, 1, 0, 0, zero.clips(), zero.drift(), zero.decoding(), 0, 0);
  }
}
