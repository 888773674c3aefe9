package io.medvol.spark.config;

import io.medvol.data.config.ConfigDescription;
import io.medvol.data.config.ConfigLimits;
import io.medvol.data.phantom.PhantomConfig;

/** What the quickstart makes for itself. */
@ConfigDescription(
    "What the quickstart makes for itself: phantoms to learn from and to be tested on.")
public record QuickstartConfig(
    @ConfigDescription("Phantoms held out for the evaluation, at least 1; of the same kind.")
        int heldOutVolumes,
    PhantomConfig phantoms) {
  public QuickstartConfig {
    ConfigLimits.check().between("held-out-volumes", heldOutVolumes, 1, 100_000).orThrow();
  }

  public static QuickstartConfig defaults() {
    return new QuickstartConfig(12, PhantomConfig.defaults());
  }
}
