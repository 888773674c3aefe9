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
    @ConfigDescription(
            "What training begins with: bundle, the pretrained policy that comes with the platform;"
                + " untrained, a tiny policy of random weights; or the folder of a model, such as"
                + " the bundle that medvol pretrain leaves.")
        String base,
    PhantomConfig phantoms) {
  /** Stands for the pretrained policy of the platform. */
  public static final String BUNDLE = "bundle";

  /** Stands for a tiny policy of random weights. */
  public static final String UNTRAINED = "untrained";

  public QuickstartConfig {
    ConfigLimits.check()
        .between("held-out-volumes", heldOutVolumes, 1, 100_000)
        .notBlank("base", base)
        .orThrow();
  }

  public static QuickstartConfig defaults() {
    return new QuickstartConfig(12, UNTRAINED, PhantomConfig.defaults());
  }
}
