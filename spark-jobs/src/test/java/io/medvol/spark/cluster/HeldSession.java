package io.medvol.spark.cluster;

import io.medvol.grpo.checkpoint.MachineRule;
import io.medvol.spark.config.SparkConfig;
import io.medvol.spark.session.SparkScope;
import io.medvol.spark.session.SparkSessions;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;

/**
 * A session as a command opens it, which holds a block of 1 to 1000 until its input ends. It prints
 * {@code PORTS blocks rpc block}.
 */
final class HeldSession {
  private HeldSession() {}

  /**
   * @param arguments the master, then properties of Spark as {@code name=value}
   */
  public static void main(String[] arguments) throws IOException {
    Map<String, String> properties = new HashMap<>();
    for (String setting : List.of(arguments).subList(1, arguments.length)) {
      properties.put(
          setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
    }
    SparkConfig config = new SparkConfig(arguments[0], properties, MachineRule.SAME);
    try (SparkScope scope = SparkSessions.open("held", config, Optional.empty())) {
      List<Integer> numbers = IntStream.rangeClosed(1, 1000).boxed().toList();
      JavaRDD<Integer> block =
          scope.context().parallelize(numbers, 1).persist(StorageLevel.MEMORY_ONLY_SER());
      block.count();
      System.out.println(
          "PORTS "
              + SparkEnv.get().blockManager().blockManagerId().port()
              + " "
              + SparkEnv.get().rpcEnv().address().port()
              + " rdd_"
              + block.id()
              + "_0");
      System.in.read();
    }
  }
}
