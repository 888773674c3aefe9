package io.medvol.rollout.trajectory;

import io.medvol.rollout.objective.ObjectiveSums;
import java.io.Serializable;
import java.util.Comparator;
import java.util.List;

/**
 * A whole gradient with its loss and metrics: the shards of all partitions, added in float in the
 * order of the partition index, whatever order they arrived in.
 */
public record GradientSum(FloatVector gradient, ObjectiveSums sums) implements Serializable {
  /** Adds all shards; each partition index from 0 must occur once. */
  public static GradientSum of(List<GradientShard> shards) {
    GradientAccumulator accumulator = new GradientAccumulator();
    shards.stream()
        .sorted(Comparator.comparingInt(GradientShard::partition))
        .forEach(accumulator::add);
    return accumulator.sum();
  }
}
