package io.medvol.spark.step;

import io.medvol.rollout.trajectory.GradientSum;
import java.io.Serializable;
import java.util.List;

/**
 * A slice of a gradient, added up over all partitions.
 *
 * @param works of the tasks the shards came from, in the order of the partitions
 */
public record GradientSlice(GradientSum sum, List<TaskWork> works) implements Serializable {
  public GradientSlice {
    works = List.copyOf(works);
  }
}
