package io.medvol.rollout.trajectory;

import io.medvol.rollout.objective.ObjectiveSums;
import java.io.Serializable;
import java.util.Objects;

/**
 * One partition's part of a gradient: denominators are global, so parts simply add up, in the order
 * of their partition index.
 *
 * @param partition index of the partition, from 0
 * @param gradient sum over the partition's answers, in the order of the {@code ParameterLayout}
 * @param sums of loss and metrics
 */
public record GradientShard(int partition, FloatVector gradient, ObjectiveSums sums)
    implements Serializable {
  public GradientShard {
    Objects.requireNonNull(gradient, "gradient");
    Objects.requireNonNull(sums, "sums");
  }
}
