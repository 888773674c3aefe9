package io.medvol.grpo.optim;

import io.medvol.rollout.trajectory.FloatVector;
import io.medvol.rollout.trajectory.PolicyState;
import java.util.Objects;

/**
 * Moves a policy along a gradient: clip by global norm, step AdamW at the scheduled rate.
 * Immutable; what changes is the {@link OptimizerState} it is handed.
 */
public final class PolicyOptimizer {
  private final AdamW adam;
  private final LearningRateSchedule schedule;
  private final double learningRate;
  private final double maxGradNorm;

  public PolicyOptimizer(
      AdamW adam, LearningRateSchedule schedule, double learningRate, double maxGradNorm) {
    this.adam = Objects.requireNonNull(adam, "adam");
    this.schedule = Objects.requireNonNull(schedule, "schedule");
    this.learningRate = learningRate;
    this.maxGradNorm = maxGradNorm;
  }

  /** What became of a gradient. */
  public sealed interface Update {
    double gradNorm();

    double learningRate();

    /** The policy moved. */
    record Applied(PolicyState policy, OptimizerState state, double gradNorm, double learningRate)
        implements Update {}

    /** Loss, gradient or the step it would make are not finite, or missing: nothing moved. */
    record Skipped(double gradNorm, double learningRate) implements Update {}
  }

  /** What becomes of an update that cannot be made. */
  public Update.Skipped skip(double gradNorm, long position) {
    return new Update.Skipped(gradNorm, learningRate * schedule.multiplier(position));
  }

  /**
   * @param factor multiplies the gradient before everything else, such as one over a token count
   * @param position of this update in the schedule, from 0
   */
  public Update update(
      PolicyState policy,
      OptimizerState state,
      FloatVector gradient,
      double factor,
      long position) {
    double rate = learningRate * schedule.multiplier(position);
    double norm = GradientNorm.of(gradient) * factor;
    if (!Double.isFinite(norm)) {
      return new Update.Skipped(norm, rate);
    }
    double clip = GradientNorm.clipFactor(norm, maxGradNorm);
    AdamW.Step step = adam.step(policy.parameters(), state, gradient, factor * clip, rate);
    for (float value : step.parameters()) {
      if (!Float.isFinite(value)) {
        return new Update.Skipped(norm, rate);
      }
    }
    PolicyState moved = PolicyState.of(policy.version() + 1, step.parameters());
    return new Update.Applied(moved, step.state(), norm, rate);
  }
}
