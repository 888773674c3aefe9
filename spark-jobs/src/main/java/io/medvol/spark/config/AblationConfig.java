package io.medvol.spark.config;

import io.medvol.data.config.ConfigDescription;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What an ablation compares. */
@ConfigDescription("What medvol ablate compares.")
public record AblationConfig(
    @ConfigDescription(
            "Name of each variant and the settings, as --set takes them, by which it differs.")
        Map<String, List<String>> variants) {
  public AblationConfig {
    variants = Collections.unmodifiableMap(new LinkedHashMap<>(variants));
  }

  public static AblationConfig defaults() {
    return new AblationConfig(Map.of());
  }
}
