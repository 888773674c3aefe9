package io.medvol.rollout.trajectory;

import io.medvol.rollout.objective.ObjectiveSums;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A whole gradient with its loss and metrics: the shards of all partitions, added in float in the
 * order of the partition index, whatever order they arrived in.
 */
public record GradientSum(FloatVector gradient, ObjectiveSums sums) implements Serializable {
  /** Adds all shards; each partition index from 0 must occur once. */
  public static GradientSum of(List<GradientShard> shards) {
    if (shards.isEmpty()) {
      throw new IllegalArgumentException("A gradient needs at least one shard");
    }
    List<GradientShard> ordered = new ArrayList<>(shards);
    ordered.sort(Comparator.comparingInt(GradientShard::partition));
    float[] total = ordered.get(0).gradient().copy();
    ObjectiveSums sums = ordered.get(0).sums();
    requirePartition(ordered, 0);
    for (int p = 1; p < ordered.size(); p++) {
      requirePartition(ordered, p);
      add(ordered.get(p).gradient().array(), total);
      sums = sums.plus(ordered.get(p).sums());
    }
    return new GradientSum(FloatVector.wrap(total), sums);
  }

  private static void requirePartition(List<GradientShard> ordered, int partition) {
    if (ordered.get(partition).partition() != partition) {
      throw new IllegalArgumentException(
          "Gradient shards must cover every partition once; found "
              + ordered.stream().map(GradientShard::partition).toList());
    }
  }

  private static void add(float[] part, float[] total) {
    if (part.length != total.length) {
      throw new IllegalArgumentException(
          "Gradient shards of " + part.length + " and " + total.length + " values");
    }
    for (int i = 0; i < total.length; i++) {
      total[i] += part[i];
    }
  }
}
