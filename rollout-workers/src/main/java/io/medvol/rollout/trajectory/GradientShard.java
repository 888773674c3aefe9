package io.medvol.rollout.trajectory;

import io.medvol.rollout.objective.ObjectiveSums;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/**
 * One partition's part of a gradient: denominators are global, so parts simply add up, in the order
 * of their partition index.
 *
 * @param partition index of the partition, from 0
 * @param gradient sum over the partition's answers, in the order of the {@code ParameterLayout}
 * @param sums of loss and metrics
 * @param failures samples that are not in it
 */
public record GradientShard(
    int partition, FloatVector gradient, ObjectiveSums sums, List<SampleFailure> failures)
    implements Serializable {
  public GradientShard {
    Objects.requireNonNull(gradient, "gradient");
    Objects.requireNonNull(sums, "sums");
    failures = List.copyOf(failures);
  }

  /** With every sample in it. */
  public GradientShard(int partition, FloatVector gradient, ObjectiveSums sums) {
    this(partition, gradient, sums, List.of());
  }

  /** The same, told that these samples are not in it either. */
  public GradientShard without(List<SampleFailure> others) {
    return new GradientShard(partition, gradient, sums, SampleFailure.joined(failures, others));
  }
}
