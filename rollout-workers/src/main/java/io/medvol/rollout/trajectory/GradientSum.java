package io.medvol.rollout.trajectory;

import io.medvol.rollout.objective.ObjectiveSums;
import java.io.Serializable;
import java.util.Comparator;
import java.util.List;

/**
 * A whole gradient with its loss and metrics: the shards of all partitions, added in float in the
 * order of the partition index, whatever order they arrived in.
 *
 * @param failures samples that are not in it
 */
public record GradientSum(FloatVector gradient, ObjectiveSums sums, List<SampleFailure> failures)
    implements Serializable {
  public GradientSum {
    failures = List.copyOf(failures);
  }

  /** Adds all shards; each partition index from 0 must occur once. */
  public static GradientSum of(List<GradientShard> shards) {
    GradientAccumulator accumulator = new GradientAccumulator();
    shards.stream()
        .sorted(Comparator.comparingInt(GradientShard::partition))
        .forEach(accumulator::add);
    return accumulator.sum();
  }

  /** Of nothing. */
  public static GradientSum zero(int length) {
    return new GradientSum(FloatVector.wrap(new float[length]), ObjectiveSums.ZERO, List.of());
  }

  /** The same, told that these samples are not in it either. */
  public GradientSum without(List<SampleFailure> others) {
    return new GradientSum(gradient, sums, SampleFailure.joined(failures, others));
  }
}
