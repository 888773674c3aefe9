package io.medvol.spark.config;

import io.medvol.data.config.ConfigDescription;
import io.medvol.data.config.ConfigLimits;
import java.util.List;

/** How the rows of an evaluation matrix are trained. */
@ConfigDescription("How the rows of an evaluation matrix are trained.")
public record MatrixConfig(
    @ConfigDescription("What a row's policy goes through, in this order: sft, grpo or both.")
        List<Stage> stages) {
  public MatrixConfig {
    stages = List.copyOf(stages);
    ConfigLimits.check().notEmpty("stages", stages).orThrow();
  }

  /** A way of training. */
  public enum Stage {
    SFT,
    GRPO
  }

  public static MatrixConfig defaults() {
    return new MatrixConfig(List.of(Stage.GRPO));
  }
}
