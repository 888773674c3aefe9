package io.medvol.spark.config;

import io.medvol.data.dataset.PrepareConfig;
import io.medvol.reward.RewardConfig;

/** Everything that can be configured; a command reads the groups it needs. */
public record MedVolConfig(PrepareConfig prepare, RewardConfig rewards, SparkConfig spark) {
  public static MedVolConfig defaults() {
    return new MedVolConfig(
        PrepareConfig.defaults(), RewardConfig.defaults(), SparkConfig.defaults());
  }
}
