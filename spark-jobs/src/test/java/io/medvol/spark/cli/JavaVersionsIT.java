package io.medvol.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Prepares and trains by {@code ./medvol} under each Java with long support that is on this
 * machine: below {@code /usr/lib/jvm}, or named by a variable such as {@code JAVA_HOME_21}.
 */
class JavaVersionsIT {
  private static final Path INSTALLED = Path.of("/usr/lib/jvm");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(ints = {17, 21, 25})
  void javaRunsTheCommands(int version) throws Exception {
    Optional<Path> java = home(version);
    assumeTrue(java.isPresent(), "Java " + version + " is not on this machine");
    Launcher launcher = Launcher.in(folder).with("JAVA_HOME", java.get().toString());
    SmallRuns runs = new SmallRuns(folder);
    Path shards = folder.resolve("shards");
    Path run = folder.resolve("run");
    for (List<String> arguments :
        List.of(
            SmallRuns.prepare(runs.scans(), shards), SmallRuns.grpo(shards, runs.model(), run))) {
      Launcher.Result result = launcher.run(arguments);
      if (version < 24) {
        assertThat(result.err()).isEmpty();
      } else {
        assertThat(result.err().lines()).as(result.err()).hasSize(1);
        assertThat(result.err()).contains("Spark cannot authenticate there");
      }
      assertThat(result.status()).isZero();
    }
    Launcher.Result doctor = launcher.run("doctor");
    assertThat(doctor.err()).isEmpty();
    assertThat(doctor.out()).contains("ok    Java " + version);
    if (Checkup.TESTED_JAVA.contains(version)) {
      assertThat(doctor.out()).contains(": a tested version");
    }
  }

  private static Optional<Path> home(int version) throws IOException {
    for (Map.Entry<String, String> variable : System.getenv().entrySet()) {
      if (variable.getKey().matches("JAVA_HOME_" + version + "(_\\w+)?")
          && is(Path.of(variable.getValue()), version)) {
        return Optional.of(Path.of(variable.getValue()));
      }
    }
    if (is(Path.of(System.getProperty("java.home")), version)) {
      return Optional.of(Path.of(System.getProperty("java.home")));
    }
    if (!Files.isDirectory(INSTALLED)) {
      return Optional.empty();
    }
    try (Stream<Path> homes = Files.list(INSTALLED)) {
      return homes.filter(home -> is(home, version)).sorted().findFirst();
    }
  }

  private static boolean is(Path home, int version) {
    try {
      return Files.isExecutable(home.resolve("bin/java"))
          && Files.readString(home.resolve("release")).contains("JAVA_VERSION=\"" + version + ".");
    } catch (IOException e) {
      return false;
    }
  }
}
