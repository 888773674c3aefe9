package io.medvol.spark.config;

import io.medvol.data.config.ConfigDescription;
import io.medvol.data.config.ConfigLimits;
import java.util.Map;

/** Where the work runs. */
@ConfigDescription("Where the work runs.")
public record SparkConfig(
    @ConfigDescription("Spark's master URL; under spark-submit the one given there.") String master,
    @ConfigDescription("Further settings of Spark, such as spark.executor.memory: 8g.")
        Map<String, String> properties) {
  public SparkConfig {
    ConfigLimits.check().notBlank("master", master).orThrow();
    properties = Map.copyOf(properties);
  }

  public static SparkConfig defaults() {
    return new SparkConfig("local[*]", Map.of());
  }
}
