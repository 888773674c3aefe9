package io.medvol.model.policy;

import java.io.Serializable;
import java.util.Objects;

/**
 * How a policy computes; none of it changes what it is.
 *
 * @param precision of weights and activations
 * @param checkpointing what a training pass keeps
 * @param featureCacheBytes native memory for features of pictures seen before, used while the
 *     vision tower is not trained; 0 keeps none
 */
public record PolicyOptions(
    Precision precision, ActivationCheckpointing checkpointing, long featureCacheBytes)
    implements Serializable {
  private static final long USUAL_CACHE = 256L << 20;

  public PolicyOptions {
    Objects.requireNonNull(precision, "precision");
    Objects.requireNonNull(checkpointing, "checkpointing");
    if (featureCacheBytes < 0) {
      throw new IllegalArgumentException(
          "A feature cache cannot have " + featureCacheBytes + " bytes: expected at least 0");
    }
  }

  public static PolicyOptions defaults() {
    return new PolicyOptions(Precision.FP32, ActivationCheckpointing.NONE, USUAL_CACHE);
  }

  public PolicyOptions withPrecision(Precision value) {
    return new PolicyOptions(value, checkpointing, featureCacheBytes);
  }

  public PolicyOptions withCheckpointing(ActivationCheckpointing value) {
    return new PolicyOptions(precision, value, featureCacheBytes);
  }

  public PolicyOptions withFeatureCacheBytes(long value) {
    return new PolicyOptions(precision, checkpointing, value);
  }
}
