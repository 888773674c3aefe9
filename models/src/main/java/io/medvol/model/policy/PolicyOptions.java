package io.medvol.model.policy;

import java.io.Serializable;
import java.util.Objects;

/**
 * What a policy reads and how it computes; none of it changes what it is.
 *
 * @param precision of weights and activations
 * @param checkpointing what a training pass keeps
 * @param featureCacheBytes native memory for features of pictures seen before, used while the
 *     vision tower is not trained; 0 keeps none
 * @param prompts what it reads
 */
public record PolicyOptions(
    Precision precision,
    ActivationCheckpointing checkpointing,
    long featureCacheBytes,
    PromptOptions prompts)
    implements Serializable {
  private static final long USUAL_CACHE = 256L << 20;

  public PolicyOptions {
    Objects.requireNonNull(precision, "precision");
    Objects.requireNonNull(checkpointing, "checkpointing");
    Objects.requireNonNull(prompts, "prompts");
    if (featureCacheBytes < 0) {
      throw new IllegalArgumentException(
          "A feature cache cannot have " + featureCacheBytes + " bytes: expected at least 0");
    }
  }

  public static PolicyOptions defaults() {
    return new PolicyOptions(
        Precision.FP32, ActivationCheckpointing.NONE, USUAL_CACHE, PromptOptions.defaults());
  }

  public PolicyOptions withPrecision(Precision value) {
    return new PolicyOptions(value, checkpointing, featureCacheBytes, prompts);
  }

  public PolicyOptions withCheckpointing(ActivationCheckpointing value) {
    return new PolicyOptions(precision, value, featureCacheBytes, prompts);
  }

  public PolicyOptions withFeatureCacheBytes(long value) {
    return new PolicyOptions(precision, checkpointing, value, prompts);
  }

  public PolicyOptions withPrompts(PromptOptions value) {
    return new PolicyOptions(precision, checkpointing, featureCacheBytes, value);
  }
}
