package io.medvol.spark.config;

import io.medvol.data.config.ConfigDescription;
import io.medvol.data.config.ConfigLimits;
import io.medvol.data.phantom.PhantomConfig;

/** What a tiny base policy is pretrained on. */
@ConfigDescription(
    "What medvol pretrain makes a tiny base policy from; the groups sft and demonstrations say how"
        + " it is taught.")
public record PretrainConfig(
    @ConfigDescription("Seed of the weights training begins with.") long seed,
    @ConfigDescription("Phantoms it is measured on, at least 1; of another seed, of the same kind.")
        int measuredVolumes,
    PhantomConfig phantoms) {
  public PretrainConfig {
    ConfigLimits.check().between("measured-volumes", measuredVolumes, 1, 100_000).orThrow();
  }

  public static PretrainConfig defaults() {
    return new PretrainConfig(1, 12, PhantomConfig.defaults());
  }
}
