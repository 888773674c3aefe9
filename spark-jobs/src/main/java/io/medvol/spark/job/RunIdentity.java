package io.medvol.spark.job;

import io.medvol.data.config.EffectiveConfig;
import io.medvol.reward.RewardConfig;
import io.medvol.spark.config.PolicyConfig;

/**
 * What makes two runs the same run: everything that moves a result, and nothing else. Where the
 * work runs is left out, since results do not depend on it.
 *
 * @param method name of the loop
 * @param training settings of the loop
 * @param dataDigest digest of the prepared data set's manifest
 */
record RunIdentity(
    String method, Record training, RewardConfig rewards, PolicyConfig policy, String dataDigest) {
  String digest() {
    return new EffectiveConfig<>(this).digest();
  }
}
