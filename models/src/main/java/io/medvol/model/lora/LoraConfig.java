package io.medvol.model.lora;

import java.io.Serializable;
import java.util.Objects;

/**
 * The settings of an adapter: the weight of a target module becomes {@code W + scale * B A}, A
 * {@code [rank][in]}, B {@code [out][rank]}.
 */
public record LoraConfig(int rank, double alpha, TargetModules targets, LoraScaling scaling)
    implements Serializable {
  public LoraConfig {
    Objects.requireNonNull(targets, "targets");
    Objects.requireNonNull(scaling, "scaling");
    if (rank < 1 || !(alpha > 0) || Double.isInfinite(alpha)) {
      throw new IllegalArgumentException(
          "An adapter needs r of at least 1 and lora_alpha above 0, not " + rank + " and " + alpha);
    }
  }

  public LoraConfig(int rank, double alpha, TargetModules targets) {
    this(rank, alpha, targets, LoraScaling.STANDARD);
  }

  /** The factor of {@code B A}. */
  public double scale() {
    return scaling.scale(alpha, rank);
  }
}
