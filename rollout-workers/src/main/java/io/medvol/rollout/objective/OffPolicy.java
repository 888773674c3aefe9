package io.medvol.rollout.objective;

import java.io.Serializable;
import java.util.Objects;

/**
 * What is done about answers that another policy drew.
 *
 * @param correction whether answers of an older policy than the update began with are weighted
 * @param mode of the weights
 * @param clipMin lower bound of a weight; 0 for none
 * @param clipMax upper bound of a weight; infinite for none
 * @param maskThreshold an answer with a negative advantage leaves the policy loss where its mean
 *     log-probability fell by more since it was drawn (DeepSeek-V3.2); infinite for never
 */
public record OffPolicy(
    Correction correction,
    ImportanceSamplingMode mode,
    double clipMin,
    double clipMax,
    double maskThreshold)
    implements Serializable {
  public OffPolicy {
    Objects.requireNonNull(correction, "correction");
    Objects.requireNonNull(mode, "mode");
  }

  /** Whether answers of an older policy are weighted. */
  public enum Correction {
    NONE,
    IMPORTANCE_SAMPLING
  }

  public boolean corrects() {
    return correction == Correction.IMPORTANCE_SAMPLING;
  }

  double bound(double weight) {
    return mode.bound(weight, clipMin, clipMax);
  }
}
