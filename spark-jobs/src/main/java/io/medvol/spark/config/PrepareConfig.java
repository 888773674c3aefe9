package io.medvol.spark.config;

import io.medvol.data.config.ConfigDescription;
import io.medvol.data.config.ConfigLimits;

/** How scans become slice shards. */
@ConfigDescription("How scans become slice shards.")
public record PrepareConfig(
    @ConfigDescription("Largest share of rejected cases, 0 to 1, at which the job still succeeds.")
        double maxRejectedShare) {
  public PrepareConfig {
    ConfigLimits.check().between("max-rejected-share", maxRejectedShare, 0, 1).orThrow();
  }

  public static PrepareConfig defaults() {
    return new PrepareConfig(0.5);
  }
}
