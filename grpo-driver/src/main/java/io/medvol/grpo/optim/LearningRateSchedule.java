package io.medvol.grpo.optim;

/**
 * Multiplier of the learning rate at each update. All shapes but {@code constant} rise linearly
 * from 0 during the warm-up.
 *
 * @param steps updates of the whole run
 * @param warmupSteps updates of the rise
 * @param numCycles waves of the cosine; for {@code cosine} a half leads from 1 to 0
 * @param minLrRate lowest multiplier of {@code cosine-with-min-lr}
 */
public record LearningRateSchedule(
    SchedulerType type, long steps, long warmupSteps, double numCycles, double minLrRate) {
  /** In force at update {@code step}, counted from 0. */
  public double multiplier(long step) {
    if (type == SchedulerType.CONSTANT) {
      return 1;
    }
    if (step < warmupSteps) {
      return step / (double) Math.max(1, warmupSteps);
    }
    double progress = (step - warmupSteps) / (double) Math.max(1, steps - warmupSteps);
    return switch (type) {
      case CONSTANT, CONSTANT_WITH_WARMUP -> 1;
      case LINEAR -> Math.max(0, 1 - progress);
      case COSINE -> Math.max(0, wave(2 * numCycles * progress));
      case COSINE_WITH_RESTARTS -> progress >= 1 ? 0 : wave(numCycles * progress % 1);
      case COSINE_WITH_MIN_LR -> minLrRate + (1 - minLrRate) * wave(2 * numCycles * progress);
    };
  }

  /** From 1 at 0 to 0 at 1. */
  private static double wave(double phase) {
    return 0.5 * (1 + Math.cos(Math.PI * phase));
  }
}
