package io.medvol.spark;

import io.medvol.grpo.checkpoint.MachineRule;
import io.medvol.spark.config.SparkConfig;
import io.medvol.spark.session.SparkSessions;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/** The one session of this module's tests, with the settings every job has. */
public final class SharedSpark {
  private static final class Holder {
    static final SparkSession SESSION = open();
  }

  private SharedSpark() {}

  public static SparkSession session() {
    return Holder.SESSION;
  }

  private static SparkSession open() {
    SparkConfig config =
        new SparkConfig(
            "local[2]",
            Map.of("spark.sql.shuffle.partitions", "2", "spark.speculation", "false"),
            MachineRule.SAME);
    return SparkSessions.open("tests", config, Optional.empty()).session();
  }
}
