package io.medvol.spark.config;

import io.medvol.data.config.ConfigDescription;
import io.medvol.data.config.ConfigLimits;
import io.medvol.grpo.checkpoint.MachineRule;
import java.util.Map;
import java.util.Objects;

/** Where the work runs. */
@ConfigDescription("Where the work runs.")
public record SparkConfig(
    @ConfigDescription("Spark's master URL; under spark-submit the one given there.") String master,
    @ConfigDescription("Further settings of Spark, such as spark.executor.memory: 8g.")
        Map<String, String> properties,
    @ConfigDescription(
            "same: executors of one kind of machine work on a run, and it repeats to the bit; any:"
                + " others are admitted and recorded, and equal bytes are given up.")
        MachineRule machines) {
  public SparkConfig {
    ConfigLimits.check().notBlank("master", master).orThrow();
    Objects.requireNonNull(machines, "machines");
    properties = Map.copyOf(properties);
  }

  public static SparkConfig defaults() {
    return new SparkConfig("local[*]", Map.of(), MachineRule.SAME);
  }
}
