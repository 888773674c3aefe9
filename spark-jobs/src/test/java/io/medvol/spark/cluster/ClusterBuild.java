package io.medvol.spark.cluster;

import java.io.IOException;
import java.nio.file.Path;

/** What the build hands to the tests that run on a cluster. */
final class ClusterBuild {
  /** System property: the application jar; set only once it is packaged. */
  static final String JAR = "medvol.jar";

  private ClusterBuild() {}

  /**
   * The installation all tests of this JVM share; its path is also this JVM's {@code SPARK_HOME},
   * from which a local cluster starts its executors.
   */
  static Path sparkHome() throws IOException {
    return SparkHome.lay(Path.of(System.getenv("SPARK_HOME")));
  }

  /** A setting that gives executors the application, where no spark-submit does. */
  static String executorProperties() {
    return "spark.properties={spark.executor.extraClassPath: "
        + System.getProperty(JAR)
        + ", spark.executor.extraJavaOptions: -Dai.djl.offline=true}";
  }
}
