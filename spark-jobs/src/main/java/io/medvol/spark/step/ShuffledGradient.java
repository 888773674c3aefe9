package io.medvol.spark.step;

import io.medvol.rollout.trajectory.FloatVector;
import io.medvol.rollout.trajectory.GradientAccumulator;
import io.medvol.rollout.trajectory.GradientShard;
import io.medvol.rollout.trajectory.GradientSum;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import scala.Tuple2;

/**
 * Adds gradients where they are: every shard is cut into as many slices as there are shards, each
 * slice is added up by one task, and the driver puts the sums one behind the other. What reaches
 * the driver is one gradient, not one for each partition.
 *
 * <p>Spark's sort by (slice, partition) hands a task its pieces in the order of the partitions, so
 * that every element is added in the order in which {@link GradientSum#of} adds it: the same bytes,
 * whichever task ends first or is repeated.
 */
final class ShuffledGradient {
  private ShuffledGradient() {}

  /** The sums of each slice, to be collected in the order of the partitions. */
  static JavaRDD<GradientSlice> slices(JavaRDD<PartResult<GradientShard>> shards) {
    int count = shards.getNumPartitions();
    JavaPairRDD<GradientPlace, PartResult<GradientShard>> pieces =
        shards.flatMapToPair(shard -> cut(shard, count));
    return pieces
        .repartitionAndSortWithinPartitions(new BySlice(count))
        .values()
        .mapPartitions(ShuffledGradient::add);
  }

  /** The whole gradient; each slice has the sums and failures as well. */
  static GradientSum join(List<GradientSlice> slices) {
    List<FloatVector> gradients = slices.stream().map(slice -> slice.sum().gradient()).toList();
    GradientSum any = slices.get(0).sum();
    return new GradientSum(FloatVector.concatenate(gradients), any.sums(), any.failures());
  }

  private static Iterator<Tuple2<GradientPlace, PartResult<GradientShard>>> cut(
      PartResult<GradientShard> result, int count) {
    GradientShard shard = result.value();
    FloatVector whole = shard.gradient();
    return IntStream.range(0, count)
        .mapToObj(
            slice -> {
              FloatVector piece =
                  whole.slice(
                      start(whole.length(), slice, count), start(whole.length(), slice + 1, count));
              return new Tuple2<>(
                  new GradientPlace(slice, shard.partition()),
                  new PartResult<>(
                      new GradientShard(shard.partition(), piece, shard.sums(), shard.failures()),
                      result.work()));
            })
        .iterator();
  }

  private static int start(int length, int slice, int count) {
    return (int) ((long) length * slice / count);
  }

  private static Iterator<GradientSlice> add(Iterator<PartResult<GradientShard>> pieces) {
    GradientAccumulator accumulator = new GradientAccumulator();
    List<TaskWork> works = new ArrayList<>();
    pieces.forEachRemaining(
        piece -> {
          accumulator.add(piece.value());
          works.add(piece.work());
        });
    return List.of(new GradientSlice(accumulator.sum(), works)).iterator();
  }

  private static final class BySlice extends Partitioner {
    private static final long serialVersionUID = 1L;
    private final int count;

    BySlice(int count) {
      this.count = count;
    }

    @Override
    public int numPartitions() {
      return count;
    }

    @Override
    public int getPartition(Object key) {
      return ((GradientPlace) key).slice();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof BySlice slices && slices.count == count;
    }

    @Override
    public int hashCode() {
      return count;
    }
  }
}
