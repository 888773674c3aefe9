package io.medvol.grpo.segment;

import io.medvol.data.config.ConfigDescription;
import io.medvol.data.config.ConfigLimits;
import java.util.List;

/** One stage of the training. */
@ConfigDescription("A stage: what a step is made of, its learning rate, and its added losses.")
public record SegmenterStage(
    @ConfigDescription("Updates, at least 0.") int steps,
    @ConfigDescription("Clips of several slices in a step, at least 0.") int clips,
    @ConfigDescription("Slices of such a clip, 2 to 16.") int slices,
    @ConfigDescription("Single prompted slices in a step, at least 0.") int stills,
    @ConfigDescription("Learning rate at the top of the stage, above 0.") double learningRate,
    @ConfigDescription("Updates during which it rises from 0, at least 0.") int warmupSteps,
    @ConfigDescription(
            "Updates over which it falls along a cosine, at least 1; the stage may end before.")
        int scheduleSteps,
    @ConfigDescription("Share of it that is left at the schedule's end, 0 to 1.") double minLrRate,
    @ConfigDescription("Weight of the balanced cross-entropy at the stage's start, at least 0.")
        double balance,
    @ConfigDescription("The same at the schedule's end, at least 0.") double finalBalance,
    @ConfigDescription("Weight of the occlusion loss, at least 0.") double presence) {
  public SegmenterStage {
    int clipsHeld = clips;
    ConfigLimits.check()
        .atLeast("steps", steps, 0)
        .between("clips", clips, 0, 256)
        .between("slices", slices, 2, 16)
        .between("stills", stills, 0, 1024)
        .satisfies(
            "stills", stills, n -> n + clipsHeld >= 1, "at least 1 where a step has no clips")
        .above("learning-rate", learningRate, 0)
        .atLeast("warmup-steps", warmupSteps, 0)
        .atLeast("schedule-steps", scheduleSteps, 1)
        .between("min-lr-rate", minLrRate, 0, 1)
        .atLeast("balance", balance, 0)
        .atLeast("final-balance", finalBalance, 0)
        .atLeast("presence", presence, 0)
        .orThrow();
  }

  /** What a stage has that does not say otherwise. */
  public static SegmenterStage defaults() {
    return new SegmenterStage(3000, 6, 4, 16, 7e-4, 20, 3000, 0.1, 0.2, 0.05, 1);
  }

  /** The stages the shipped bundle was trained with. */
  static List<SegmenterStage> recipe() {
    return List.of(
        new SegmenterStage(4000, 0, 2, 16, 1.5e-3, 50, 4000, 0.05, 1, 0.2, 0),
        defaults(),
        new SegmenterStage(1200, 4, 8, 16, 3e-4, 20, 1200, 0, 0.05, 0.02, 1));
  }

  /** Whether it teaches single slices alone. */
  boolean stillsOnly() {
    return clips == 0;
  }
}
