package io.medvol.spark.cluster;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A Spark installation made of the jars the build resolved: {@code jars/} of links, and a {@code
 * bin/spark-submit} that asks Spark's own launcher for the command to run.
 */
final class SparkHome {
  static final String SCALA_VERSION = "2.13";

  private static final String SUBMIT =
      """
      #!/usr/bin/env bash
      # Spark's launcher prints an empty line, and the driver's command; both are made of words ended by a zero byte.
      set -euo pipefail
      words=()
      while IFS= read -r -d '' word; do
        words+=("${word#$'\n'}")
      done < <("$JAVA_HOME/bin/java" -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$SPARK_HOME/jars/*" \\
        org.apache.spark.launcher.Main org.apache.spark.deploy.SparkSubmit "$@")
      [ -n "${words[0]}" ] || words=("${words[@]:1}")
      exec "${words[@]}"
      """;

  private SparkHome() {}

  /**
   * @param classPath file that lists the jars of an installation
   */
  static Path lay(Path home, Path classPath) throws IOException {
    Path jars = Files.createDirectories(home.resolve("jars"));
    for (String jar : Files.readString(classPath).strip().split(File.pathSeparator)) {
      Path link = jars.resolve(Path.of(jar).getFileName());
      Files.deleteIfExists(link);
      Files.createSymbolicLink(link, Path.of(jar));
    }
    Path submit = Files.createDirectories(home.resolve("bin")).resolve("spark-submit");
    Files.writeString(submit, SUBMIT);
    Files.setPosixFilePermissions(submit, PosixFilePermissions.fromString("rwxr-xr-x"));
    return home;
  }
}
