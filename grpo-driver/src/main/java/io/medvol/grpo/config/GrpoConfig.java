package io.medvol.grpo.config;

import io.medvol.data.config.ConfigDescription;
import io.medvol.data.config.ConfigLimits;
import io.medvol.grpo.advantage.ScaleRewards;
import io.medvol.rollout.objective.ObjectiveConfig;

/** A GRPO run. */
@ConfigDescription("A GRPO run: how many steps of how many groups, and what is learned from them.")
public record GrpoConfig(
    @ConfigDescription("Generation steps of the run, at least 1.") int steps,
    @ConfigDescription("Prompts of a step, at least 1.") int promptsPerStep,
    @ConfigDescription("Answers to each prompt, at least 2.") int numGenerations,
    @ConfigDescription("Updates made on each step's answers, at least 1.") int numIterations,
    @ConfigDescription("By which deviation centred rewards are divided.") ScaleRewards scaleRewards,
    @ConfigDescription(
            "Parts a step's work is cut into, at least 1; part of the result's identity.")
        int partitions,
    @ConfigDescription("Most answers of a group that are differentiated together, at least 1.")
        int microBatch,
    @ConfigDescription("Seed of all random draws of the run.") long seed,
    @ConfigDescription("A checkpoint is written every so many steps, at least 1, and at the end.")
        int saveSteps,
    @ConfigDescription("Newest checkpoints that are kept, at least 1.") int saveTotalLimit,
    @ConfigDescription("Share of a step's prompts that may fail before the run stops, 0 to 1.")
        double maxFailedShare,
    SamplingConfig sampling,
    ObjectiveConfig objective,
    OptimizerConfig optimizer) {
  public GrpoConfig {
    ConfigLimits.check()
        .atLeast("steps", steps, 1)
        .atLeast("prompts-per-step", promptsPerStep, 1)
        .atLeast("num-generations", numGenerations, 2)
        .atLeast("num-iterations", numIterations, 1)
        .atLeast("partitions", partitions, 1)
        .atLeast("micro-batch", microBatch, 1)
        .atLeast("save-steps", saveSteps, 1)
        .atLeast("save-total-limit", saveTotalLimit, 1)
        .between("max-failed-share", maxFailedShare, 0, 1)
        .orThrow();
  }

  public static GrpoConfig defaults() {
    return new GrpoConfig(
        100,
        4,
        8,
        1,
        ScaleRewards.GROUP,
        4,
        8,
        42,
        10,
        2,
        0.5,
        SamplingConfig.defaults(),
        ObjectiveConfig.defaults(),
        OptimizerConfig.defaults());
  }
}
