package io.medvol.spark.config;

import io.medvol.data.config.ConfigDescription;
import io.medvol.model.policy.TrainableParameters;

/** What is trained. */
@ConfigDescription("What is trained.")
public record PolicyConfig(
    @ConfigDescription("Which weights training may change.") TrainableParameters trainable) {
  public static PolicyConfig defaults() {
    return new PolicyConfig(TrainableParameters.ALL);
  }
}
