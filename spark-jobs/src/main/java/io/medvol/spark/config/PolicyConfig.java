package io.medvol.spark.config;

import io.medvol.data.config.ConfigDescription;
import io.medvol.data.config.ConfigLimits;
import io.medvol.model.policy.ActivationCheckpointing;
import io.medvol.model.policy.PolicyOptions;
import io.medvol.model.policy.Precision;
import io.medvol.model.policy.TrainableParameters;

/** What is trained, and how the policy computes. */
@ConfigDescription("What is trained, and how the policy computes.")
public record PolicyConfig(
    @ConfigDescription("Which weights training may change.") TrainableParameters trainable,
    @ConfigDescription(
            "What the policy computes in; trained values stay float32. bf16 halves the memory.")
        Precision precision,
    @ConfigDescription(
            "What a training pass keeps: every activation, or the input of each layer, for less"
                + " memory and a third more arithmetic.")
        ActivationCheckpointing activationCheckpointing,
    @ConfigDescription(
            "Bytes of native memory a worker keeps features of pictures in while the vision tower"
                + " is not trained; 0 keeps none.")
        long featureCacheBytes) {
  public PolicyConfig {
    ConfigLimits.check().atLeast("feature-cache-bytes", featureCacheBytes, 0).orThrow();
  }

  public static PolicyConfig defaults() {
    PolicyOptions usual = PolicyOptions.defaults();
    return new PolicyConfig(
        TrainableParameters.ALL,
        usual.precision(),
        usual.checkpointing(),
        usual.featureCacheBytes());
  }

  public PolicyOptions options() {
    return new PolicyOptions(precision, activationCheckpointing, featureCacheBytes);
  }
}
