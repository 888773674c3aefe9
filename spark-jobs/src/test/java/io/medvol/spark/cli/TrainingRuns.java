package io.medvol.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Commands in a JVM of their own, and the checkpoints that runs leave. */
final class TrainingRuns {
  private static final long PATIENCE_SECONDS = 300;

  private TrainingRuns() {}

  /** Runs to the end. */
  static void complete(Path run, String... arguments) throws Exception {
    Process process = fork(run, arguments);
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(log(run)).isZero();
  }

  /** Runs until a checkpoint is complete, and no further. */
  static void kill(Path run, int afterStep, String... arguments) throws Exception {
    Process process = fork(run, arguments);
    Path manifest = checkpoint(run, afterStep).resolve("manifest.json");
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!Files.exists(manifest) && process.isAlive() && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    process.destroyForcibly().waitFor();
    assertThat(process.exitValue()).as(log(run)).isEqualTo(128 + 9);
  }

  private static Process fork(Path run, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("--add-opens") || option.startsWith("-XX:+Ignore"))
        .forEach(command::add);
    command.addAll(
        List.of("-Xmx1g", "-Dai.djl.offline=true", "-cp", System.getProperty("java.class.path")));
    command.add(MedVol.class.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(logFile(run).toFile())
        .start();
  }

  private static Path logFile(Path run) {
    return run.resolveSibling(run.getFileName() + ".log");
  }

  private static String log(Path run) throws IOException {
    return Files.readString(logFile(run));
  }

  static Path checkpoint(Path run, int step) {
    return run.resolve("checkpoints").resolve(String.format("step-%06d", step));
  }

  /** The files of a checkpoint. */
  static Map<String, byte[]> content(Path run, int step) throws IOException {
    Map<String, byte[]> contents = new TreeMap<>();
    try (Stream<Path> files = Files.list(checkpoint(run, step))) {
      for (Path file : files.toList()) {
        contents.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    return contents;
  }

  /** Each step's metrics but for those that docs/formats/run-folder.md says are times. */
  static List<JsonNode> metricsWithoutTimes(Path run) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
      ObjectNode metrics = (ObjectNode) new ObjectMapper().readTree(line);
      metrics.remove(List.of("step_time", "eval_seconds_per_sample"));
      List<String> names = new ArrayList<>();
      metrics.fieldNames().forEachRemaining(names::add);
      names.stream().filter(name -> name.startsWith("spark/")).forEach(metrics::remove);
      lines.add(metrics);
    }
    return lines;
  }

  static void assertSameCheckpoint(Path run, Path expectedRun, int step) throws IOException {
    Map<String, byte[]> expected = content(expectedRun, step);
    Map<String, byte[]> found = content(run, step);
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    expected.forEach((name, bytes) -> assertThat(found.get(name)).as(name).isEqualTo(bytes));
  }
}
