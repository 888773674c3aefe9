package io.medvol.grpo.config;

import io.medvol.data.config.ConfigDescription;
import io.medvol.data.config.ConfigLimits;
import io.medvol.grpo.optim.SchedulerType;

/** A supervised run. */
@ConfigDescription("A supervised run on demonstrations, the cold start of GRPO.")
public record SftConfig(
    @ConfigDescription("Updates of the run, at least 1.") int steps,
    @ConfigDescription(
            "Demonstrations of an update, at least 1; as many as there are, with a warning, where"
                + " there are fewer.")
        int promptsPerStep,
    @ConfigDescription("Demonstrations about one scan that come together in an update, at least 1.")
        int promptsPerSource,
    @ConfigDescription(
            "Demonstrations about one scan that are packed into one row behind their common"
                + " pictures, at least 1; 1 leaves each a sequence of its own. Packed or not, the"
                + " loss is the same up to rounding.")
        int microBatch,
    @ConfigDescription(
            "Parts a step's work is cut into, at least 1; part of the result's identity.")
        int partitions,
    @ConfigDescription("Seed of the order of the demonstrations.") long seed,
    @ConfigDescription("A checkpoint is written every so many steps, at least 1, and at the end.")
        int saveSteps,
    @ConfigDescription("Newest checkpoints that are kept, at least 1.") int saveTotalLimit,
    @ConfigDescription(
            "Share of a step's demonstrations that may fail before the run stops, 0 to 1.")
        double maxFailedShare,
    OptimizerConfig optimizer,
    HeldOutConfig evaluation) {
  public SftConfig {
    ConfigLimits.check()
        .atLeast("steps", steps, 1)
        .atLeast("prompts-per-step", promptsPerStep, 1)
        .atLeast("prompts-per-source", promptsPerSource, 1)
        .atLeast("micro-batch", microBatch, 1)
        .atLeast("partitions", partitions, 1)
        .atLeast("save-steps", saveSteps, 1)
        .atLeast("save-total-limit", saveTotalLimit, 1)
        .between("max-failed-share", maxFailedShare, 0, 1)
        .orThrow();
  }

  /** The same for another number of updates. */
  public SftConfig withSteps(int updates) {
    return with(updates, promptsPerStep);
  }

  /**
   * The same for a data set of so many demonstrations: an update cannot hold one twice.
   *
   * @param samples at least 1
   */
  public SftConfig fitting(int samples) {
    return with(steps, Math.min(promptsPerStep, samples));
  }

  private SftConfig with(int updates, int prompts) {
    return new SftConfig(
        updates,
        prompts,
        promptsPerSource,
        microBatch,
        partitions,
        seed,
        saveSteps,
        saveTotalLimit,
        maxFailedShare,
        optimizer,
        evaluation);
  }

  public static SftConfig defaults() {
    OptimizerConfig base = OptimizerConfig.defaults();
    OptimizerConfig optimizer =
        new OptimizerConfig(
            2e-5,
            SchedulerType.COSINE,
            0,
            base.numCycles(),
            base.minLrRate(),
            base.adamBeta1(),
            base.adamBeta2(),
            base.adamEpsilon(),
            0.01,
            base.maxGradNorm(),
            base.maxSkippedUpdates());
    return new SftConfig(
        100, 8, 1, 1, 4, 42, 50, 2, 0.5, optimizer, HeldOutConfig.defaults("eval_loss"));
  }
}
