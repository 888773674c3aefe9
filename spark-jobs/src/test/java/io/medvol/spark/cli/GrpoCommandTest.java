package io.medvol.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.medvol.data.phantom.PhantomConfig;
import io.medvol.data.phantom.PhantomFolder;
import io.medvol.data.storage.LocalStorage;
import io.medvol.model.tiny.TinyPolicyConfig;
import io.medvol.model.tiny.TinyQwen3Vl;
import io.medvol.rollout.prompt.SlicePromptBuilder;
import io.medvol.spark.SharedSpark;
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
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrpoCommandTest {
  private static final int STEPS = 5;
  private static final int KILLED_AFTER = 2;
  private static final long PATIENCE_SECONDS = 300;

  @TempDir private static Path folder;
  private static Path shards;
  private static Path model;
  private static Path reference;

  /** A data set, a model, and the run all others must equal. */
  @BeforeAll
  static void makeTheReferenceRun() throws IOException {
    SharedSpark.session();
    Path scans = folder.resolve("scans");
    shards = folder.resolve("shards");
    PhantomFolder.write(
        new LocalStorage(), scans.toString(), new PhantomConfig(2, 5, 8, 32, 32, 0.08, 25, 0.5));
    CommandLineResult prepared =
        CommandLineResult.of(
            "prepare",
            "--input",
            scans.toString(),
            "--output",
            shards.toString(),
            "--set",
            "prepare.shown-slices=4");
    assertThat(prepared.err()).isEmpty();
    model = coldStarted();
    reference = folder.resolve("reference");
    CommandLineResult trained = CommandLineResult.of(arguments(reference));
    assertThat(trained.err()).isEmpty();
    assertThat(trained.status()).isZero();
  }

  /** A model that has seen the form of an answer, so that rewards differ within a group. */
  private static Path coldStarted() throws IOException {
    Path untrained = folder.resolve("untrained");
    TinyQwen3Vl.write(
        TinyPolicyConfig.defaults(3).withPhrases(SlicePromptBuilder.fixedTexts()), untrained);
    List<String> arguments = new ArrayList<>(List.of("sft", "--shards", shards.toString()));
    arguments.addAll(List.of("--model", untrained.toString(), "--steps", "60"));
    arguments.addAll(List.of("--run", folder.resolve("sft").toString()));
    for (String setting :
        List.of(
            "sft.prompts-per-step=8",
            "sft.save-steps=60",
            "sft.optimizer.learning-rate=5e-3",
            "sft.optimizer.warmup-steps=5")) {
      arguments.addAll(List.of("--set", setting));
    }
    CommandLineResult trained = CommandLineResult.of(arguments.toArray(String[]::new));
    assertThat(trained.err()).isEmpty();
    assertThat(trained.status()).isZero();
    return folder.resolve("sft/checkpoints/step-000060");
  }

  private static String[] arguments(Path run, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "grpo",
                "--shards",
                shards.toString(),
                "--model",
                model.toString(),
                "--run",
                run.toString(),
                "--steps",
                Integer.toString(STEPS),
                "--seed",
                "11"));
    for (String setting :
        List.of(
            "grpo.prompts-per-step=3",
            "grpo.num-generations=4",
            "grpo.partitions=3",
            "grpo.save-steps=1",
            "grpo.scale-rewards=none",
            "grpo.objective.beta=0.1",
            "grpo.optimizer.learning-rate=1e-3",
            "grpo.sampling.temperature=0.5",
            "grpo.sampling.max-completion-length=32")) {
      arguments.add("--set");
      arguments.add(setting);
    }
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  private static Process fork(Path run, String... more) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("--add-opens") || option.startsWith("-XX:+Ignore"))
        .forEach(command::add);
    command.addAll(
        List.of("-Xmx1g", "-Dai.djl.offline=true", "-cp", System.getProperty("java.class.path")));
    command.add(MedVol.class.getName());
    command.addAll(List.of(arguments(run, more)));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(run.getFileName() + ".log").toFile())
        .start();
  }

  private static Path checkpoint(Path run, int step) {
    return run.resolve("checkpoints").resolve(String.format("step-%06d", step));
  }

  private static Map<String, byte[]> bytes(Path checkpoint) throws IOException {
    Map<String, byte[]> contents = new TreeMap<>();
    try (Stream<Path> files = Files.list(checkpoint)) {
      for (Path file : files.toList()) {
        contents.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    return contents;
  }

  private static void assertEqualsReference(Path run) throws IOException {
    Map<String, byte[]> expected = bytes(checkpoint(reference, STEPS));
    Map<String, byte[]> found = bytes(checkpoint(run, STEPS));
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    expected.forEach((name, content) -> assertThat(found.get(name)).as(name).isEqualTo(content));
  }

  @Test
  void aRunLeavesMetricsTrajectoriesACheckpointAndASummary() throws IOException {
    assertThat(Files.readAllLines(reference.resolve("metrics.jsonl"))).hasSize(STEPS);
    List<Row> states =
        SharedSpark.session()
            .read()
            .parquet(reference.resolve("trajectories").toString())
            .groupBy("step")
            .count()
            .orderBy("step")
            .collectAsList();
    assertThat(states).hasSize(STEPS).allMatch(row -> row.getLong(1) == 3 * 4);
    assertThat(bytes(checkpoint(reference, STEPS)))
        .containsKeys("model.safetensors", "config.json", "manifest.json");
    JsonNode summary = new ObjectMapper().readTree(reference.resolve("summary.json").toFile());
    assertThat(summary.path("command").asText()).isEqualTo("grpo");
    assertThat(summary.path("config-digest").asText()).hasSize(64);
    assertThat(summary.path("metrics").path("steps").asInt()).isEqualTo(STEPS);
    assertThat(bytes(checkpoint(reference, STEPS)).get("model.safetensors"))
        .isNotEqualTo(Files.readAllBytes(model.resolve("model.safetensors")));
  }

  @Test
  void aKilledRunThatIsRunAgainEndsWithTheSameBytes() throws Exception {
    Path run = folder.resolve("killed");
    Process process = fork(run, "--master", "local[2]");
    Path manifest = checkpoint(run, KILLED_AFTER).resolve("manifest.json");
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!Files.exists(manifest) && process.isAlive() && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    process.destroyForcibly().waitFor();
    assertThat(process.exitValue()).as(log(run)).isEqualTo(128 + 9);
    assertThat(checkpoint(run, STEPS).resolve("manifest.json")).doesNotExist();
    CommandLineResult resumed = CommandLineResult.of(arguments(run));
    assertThat(resumed.status()).isZero();
    assertThat(resumed.out()).contains("Resuming after step");
    assertEqualsReference(run);
    assertThat(Files.readAllLines(run.resolve("metrics.jsonl"))).hasSize(STEPS);
  }

  @Test
  void oneThreadGivesTheSameBytesAsTwo() throws Exception {
    Path run = folder.resolve("one-thread");
    Process process = fork(run, "--master", "local[1]");
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(log(run)).isZero();
    assertEqualsReference(run);
  }

  private static String log(Path run) throws IOException {
    return Files.readString(folder.resolve(run.getFileName() + ".log"));
  }

  @Test
  void resumingWithOtherSettingsIsRefusedWithStatusTwo() throws IOException {
    String before = Files.readString(reference.resolve("config.yaml"));
    CommandLineResult result =
        CommandLineResult.of(arguments(reference, "--set", "grpo.optimizer.learning-rate=2e-3"));
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.err()).contains("other settings");
    assertThat(Files.readString(reference.resolve("config.yaml"))).isEqualTo(before);
  }

  @Test
  void aMissingModelFileIsOneSentenceAndStatusTwo() throws IOException {
    Path broken = Files.createDirectories(folder.resolve("broken-model"));
    try (Stream<Path> files = Files.list(model)) {
      for (Path file : files.toList()) {
        if (!file.endsWith("model.safetensors")) {
          Files.copy(file, broken.resolve(file.getFileName()));
        }
      }
    }
    CommandLineResult result =
        CommandLineResult.of(
            "grpo",
            "--shards",
            shards.toString(),
            "--model",
            broken.toString(),
            "--run",
            folder.resolve("no-model").toString());
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.err()).contains(broken.toString());
  }

  @Test
  void missingShardsAreOneSentenceAndStatusTwo() {
    CommandLineResult result =
        CommandLineResult.of(
            "grpo",
            "--shards",
            folder.resolve("nowhere").toString(),
            "--model",
            model.toString(),
            "--run",
            folder.resolve("no-shards").toString());
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.err()).contains("nowhere");
  }

  @Test
  void anUnwritableRunIsOneSentenceAndStatusFour() throws IOException {
    Path file = Files.writeString(folder.resolve("a-file"), "x");
    CommandLineResult result = CommandLineResult.of(arguments(file.resolve("run")));
    assertThat(result.status()).isEqualTo(4);
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.err()).contains("a-file");
  }
}
