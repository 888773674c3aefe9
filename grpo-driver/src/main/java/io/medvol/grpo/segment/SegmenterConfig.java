package io.medvol.grpo.segment;

import io.medvol.data.config.ConfigDescription;
import io.medvol.data.config.ConfigLimits;
import java.util.List;

/** The recipe of a segmenter. */
@ConfigDescription("The recipe of the small segmenter that medvol train-segmenter makes.")
public record SegmenterConfig(
    @ConfigDescription("Seed of the initial weights and of the order of the clips.") long seed,
    @ConfigDescription(
            "Parts a step's clips are cut into, one thread each, at least 1; part of the result's"
                + " identity.")
        int partitions,
    @ConfigDescription("A checkpoint is written every so many steps, at least 1, and at the end.")
        int saveSteps,
    @ConfigDescription("Decoupled decay of tensors of two or more dimensions, at least 0.")
        double weightDecay,
    @ConfigDescription("Global norm to which gradients are clipped, at least 0; 0 for none.")
        double maxGradNorm,
    SegmenterNetworkConfig network,
    SegmenterPhantoms phantoms,
    @ConfigDescription("The stages in order, at least one.") List<SegmenterStage> stages) {
  public SegmenterConfig {
    stages = List.copyOf(stages);
    ConfigLimits.check()
        .between("partitions", partitions, 1, 64)
        .atLeast("save-steps", saveSteps, 1)
        .atLeast("weight-decay", weightDecay, 0)
        .atLeast("max-grad-norm", maxGradNorm, 0)
        .notEmpty("stages", stages)
        .orThrow();
  }

  public static SegmenterConfig defaults() {
    return new SegmenterConfig(
        2,
        2,
        200,
        0.05,
        1,
        SegmenterNetworkConfig.defaults(),
        SegmenterPhantoms.defaults(),
        SegmenterStage.recipe());
  }

  /** Updates of all stages. */
  public int steps() {
    return stages.stream().mapToInt(SegmenterStage::steps).sum();
  }
}
