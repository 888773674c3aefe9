package io.medvol.rollout.trajectory;

import io.medvol.rollout.objective.ObjectiveSums;
import java.util.ArrayList;
import java.util.List;

/**
 * Adds the shards of a gradient in float, one after the other in the order of their partitions, so
 * that no more than one of them and the sum need be held. One thread.
 */
public final class GradientAccumulator {
  private final List<SampleFailure> failures = new ArrayList<>();
  private float[] total;
  private ObjectiveSums sums;
  private int next;

  /**
   * @throws IllegalArgumentException unless the shard is of the next partition, from 0, and as long
   *     as those before
   */
  public void add(GradientShard shard) {
    if (shard.partition() != next) {
      throw new IllegalArgumentException(
          "Gradient shards must cover every partition once and in order; expected "
              + next
              + ", found "
              + shard.partition());
    }
    next++;
    failures.addAll(shard.failures());
    if (total == null) {
      total = shard.gradient().copy();
      sums = shard.sums();
      return;
    }
    add(shard.gradient().array());
    sums = sums.plus(shard.sums());
  }

  private void add(float[] part) {
    if (part.length != total.length) {
      throw new IllegalArgumentException(
          "Gradient shards of " + part.length + " and " + total.length + " values");
    }
    for (int i = 0; i < total.length; i++) {
      total[i] += part[i];
    }
  }

  /** The sum, which now owns what was accumulated: nothing is added after it. */
  public GradientSum sum() {
    if (total == null) {
      throw new IllegalArgumentException("A gradient needs at least one shard");
    }
    return new GradientSum(FloatVector.wrap(total), sums, failures);
  }
}
