package io.medvol.spark.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;

/** A Spark installation made of the jars the build resolved. */
final class SparkHome {
  static final String SCALA_VERSION = "2.13";

  private SparkHome() {}

  /** Lays it by {@code deploy/spark-home.sh}. */
  static Path lay(Path home) throws IOException {
    Path script = Path.of(System.getProperty("medvol.root"), "deploy", "spark-home.sh");
    Process process =
        new ProcessBuilder(script.toString(), home.toString()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(script + " failed: " + output);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      throw new IOException("Interrupted", e);
    }
    return home;
  }
}
