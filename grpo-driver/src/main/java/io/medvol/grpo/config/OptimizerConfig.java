package io.medvol.grpo.config;

import io.medvol.data.config.ConfigDescription;
import io.medvol.data.config.ConfigLimits;
import io.medvol.grpo.optim.LearningRateSchedule;
import io.medvol.grpo.optim.SchedulerType;

/** How a gradient moves the policy. */
@ConfigDescription("AdamW, its learning rate over the run, and what it does with bad gradients.")
public record OptimizerConfig(
    @ConfigDescription("Step size at the top of the schedule, above 0.") double learningRate,
    @ConfigDescription("Shape of the learning rate over the run.") SchedulerType lrSchedulerType,
    @ConfigDescription("Updates during which the learning rate rises from 0, at least 0.")
        long warmupSteps,
    @ConfigDescription("Waves of the cosine shapes, above 0; a half falls once from 1 to 0.")
        double numCycles,
    @ConfigDescription("Lowest share of the learning rate in cosine-with-min-lr, 0 to 1.")
        double minLrRate,
    @ConfigDescription("Decay of the running mean of the gradient, from 0 to below 1.")
        double adamBeta1,
    @ConfigDescription("Decay of the running mean of its square, from 0 to below 1.")
        double adamBeta2,
    @ConfigDescription("Added to the root of the mean square, above 0.") double adamEpsilon,
    @ConfigDescription("Decoupled decay of tensors of two or more dimensions, at least 0.")
        double weightDecay,
    @ConfigDescription("Global norm to which gradients are clipped, at least 0; 0 for none.")
        double maxGradNorm,
    @ConfigDescription("Updates in a row with a non-finite gradient that end the run, at least 1.")
        int maxSkippedUpdates) {
  public OptimizerConfig {
    ConfigLimits.check()
        .above("learning-rate", learningRate, 0)
        .atLeast("warmup-steps", warmupSteps, 0)
        .above("num-cycles", numCycles, 0)
        .between("min-lr-rate", minLrRate, 0, 1)
        .satisfies("adam-beta1", adamBeta1, b -> b >= 0 && b < 1, "from 0 to below 1")
        .satisfies("adam-beta2", adamBeta2, b -> b >= 0 && b < 1, "from 0 to below 1")
        .above("adam-epsilon", adamEpsilon, 0)
        .atLeast("weight-decay", weightDecay, 0)
        .atLeast("max-grad-norm", maxGradNorm, 0)
        .atLeast("max-skipped-updates", maxSkippedUpdates, 1)
        .orThrow();
  }

  public static OptimizerConfig defaults() {
    return new OptimizerConfig(
        1e-6, SchedulerType.LINEAR, 0, 0.5, 0.1, 0.9, 0.999, 1e-8, 0.0, 1.0, 10);
  }

  public LearningRateSchedule schedule(long updates) {
    return new LearningRateSchedule(lrSchedulerType, updates, warmupSteps, numCycles, minLrRate);
  }
}
