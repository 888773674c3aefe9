package io.medvol.rollout.objective;

import java.io.Serializable;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * What the loss is; names and defaults are TRL's.
 *
 * @param lossType which loss of the family
 * @param importanceSamplingLevel ratio for each token, or for each answer (GSPO)
 * @param epsilon the ratio is clipped below at 1 - epsilon
 * @param epsilonHigh the ratio is clipped above at 1 + epsilon-high; for cispo the bound itself;
 *     null takes epsilon
 * @param delta second, two-sided bound on the unclipped ratio; null for none
 * @param beta weight of the KL term; 0 needs no reference policy
 * @param useBiasCorrectionKl whether the KL term is weighted by the importance ratio
 * @param maskTruncatedCompletions whether answers that hit the length limit leave the loss
 */
public record ObjectiveConfig(
    LossType lossType,
    RatioLevel importanceSamplingLevel,
    double epsilon,
    Double epsilonHigh,
    Double delta,
    double beta,
    boolean useBiasCorrectionKl,
    boolean maskTruncatedCompletions)
    implements Serializable {
  public ObjectiveConfig {
    Objects.requireNonNull(lossType, "lossType");
    Objects.requireNonNull(importanceSamplingLevel, "importanceSamplingLevel");
    require("epsilon", epsilon, epsilon >= 0 && epsilon < 1, "at least 0 and below 1");
    if (epsilonHigh != null) {
      require("epsilon-high", epsilonHigh, epsilonHigh >= 0, "at least 0");
    }
    if (delta != null) {
      require("delta", delta, delta > 0, "above 0");
    }
    require("beta", beta, beta >= 0 && beta < Double.POSITIVE_INFINITY, "at least 0");
  }

  /** TRL's defaults: dapo, ratio per token, epsilon 0.2, no KL. */
  public static ObjectiveConfig defaults() {
    return new ObjectiveConfig(LossType.DAPO, RatioLevel.TOKEN, 0.2, null, null, 0.0, false, false);
  }

  /** The upper clip bound as given or, where it is not, epsilon. */
  public double upperEpsilon() {
    return epsilonHigh == null ? epsilon : epsilonHigh;
  }

  public OptionalDouble ratioBound() {
    return delta == null ? OptionalDouble.empty() : OptionalDouble.of(delta);
  }

  public boolean needsReference() {
    return beta > 0;
  }

  private static void require(String key, double value, boolean holds, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(key + " is " + value + "; it must be " + expected);
    }
  }
}
