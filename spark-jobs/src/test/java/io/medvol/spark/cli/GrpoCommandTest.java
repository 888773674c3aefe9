package io.medvol.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.medvol.model.MachineKind;
import io.medvol.spark.SharedSpark;
import io.medvol.spark.table.EvaluationTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrpoCommandTest {
  private static final int STEPS = 5;
  private static final int KILLED_AFTER = 2;

  @TempDir private static Path folder;
  private static Path shards;
  private static Path model;
  private static Path reference;

  /** A data set, a model, and the run all others must equal. */
  @BeforeAll
  static void makeTheReferenceRun() throws IOException {
    SharedSpark.session();
    shards = ColdStart.shards(folder);
    model = ColdStart.model(folder, shards);
    reference = folder.resolve("reference");
    CommandLineResult trained = CommandLineResult.of(arguments(reference));
    assertThat(trained.err()).isEmpty();
    assertThat(trained.status()).isZero();
  }

  private static String[] arguments(Path run, String... more) {
    return arguments(run, STEPS, more);
  }

  private static String[] arguments(Path run, int steps, String... more) {
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
                Integer.toString(steps),
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

  private static void assertEqualsReference(Path run) throws IOException {
    TrainingRuns.assertSameCheckpoint(run, reference, STEPS);
    List<JsonNode> metrics = TrainingRuns.metricsWithoutTimes(reference);
    assertThat(metrics)
        .as("steps that moved the policy")
        .hasSize(STEPS)
        .allMatch(line -> line.path("grad_norm").asDouble() > 0);
    assertThat(TrainingRuns.metricsWithoutTimes(run)).isEqualTo(metrics);
    assertThat(trajectories(run)).hasSize(STEPS * 3 * 4).isEqualTo(trajectories(reference));
  }

  /** Each step's rows in their order, with every column that is promised to be equal. */
  private static List<String> trajectories(Path run) {
    List<String> rows = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      SharedSpark.session()
          .read()
          .parquet(run.resolve("trajectories/step=" + step).toString())
          .drop("seconds")
          .collectAsList()
          .forEach(row -> rows.add(row.toString()));
    }
    return rows;
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
    assertThat(TrainingRuns.content(reference, STEPS))
        .containsKeys("model.safetensors", "config.json", "manifest.json");
    JsonNode summary = new ObjectMapper().readTree(reference.resolve("summary.json").toFile());
    assertThat(summary.path("command").asText()).isEqualTo("grpo");
    assertThat(summary.path("config-digest").asText()).hasSize(64);
    assertThat(summary.path("metrics").path("steps").asInt()).isEqualTo(STEPS);
    assertThat(TrainingRuns.content(reference, STEPS).get("model.safetensors"))
        .isNotEqualTo(Files.readAllBytes(model.resolve("model.safetensors")));
  }

  @Test
  void aKilledRunThatIsRunAgainEndsWithTheSameBytes() throws Exception {
    Path run = folder.resolve("killed");
    TrainingRuns.kill(run, KILLED_AFTER, arguments(run, "--master", "local[2]"));
    assertThat(TrainingRuns.checkpoint(run, STEPS).resolve("manifest.json")).doesNotExist();
    CommandLineResult resumed = CommandLineResult.of(arguments(run));
    assertThat(resumed.status()).isZero();
    assertThat(resumed.out()).contains("Resuming after step");
    assertEqualsReference(run);
    assertThat(Files.readAllLines(run.resolve("metrics.jsonl"))).hasSize(STEPS);
  }

  @Test
  void oneThreadGivesTheSameBytesAsTwo() throws Exception {
    Path run = folder.resolve("one-thread");
    TrainingRuns.complete(run, arguments(run, "--master", "local[1]"));
    assertEqualsReference(run);
  }

  @Test
  void resumingWithOtherSettingsIsRefusedWithStatusTwo() throws IOException {
    String before = Files.readString(reference.resolve("config.yaml"));
    CommandLineResult result =
        CommandLineResult.of(arguments(reference, "--set", "grpo.optimizer.learning-rate=2e-3"));
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.err())
        .contains("other settings: grpo.optimizer.learning-rate was 0.001, now 0.002. Give");
    assertThat(Files.readString(reference.resolve("config.yaml"))).isEqualTo(before);
  }

  @Test
  void moreStepsAreAnotherRunWhereTheLearningRateFallsToTheEnd() {
    CommandLineResult result = CommandLineResult.of(arguments(reference, STEPS + 1));
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err())
        .contains("grpo.steps was 5, now 6 (only a run with a constant learning rate")
        .doesNotContainPattern("[0-9a-f]{64}");
  }

  @ParameterizedTest
  @CsvSource({
    "config.json,rms_norm_eps,1e-2",
    "tokenizer.json,padding,null",
    "preprocessor_config.json,image_mean,'[0.1, 0.1, 0.1]'",
    "chat_template.json,chat_template,'\"other\"'"
  })
  void resumingWithAnotherFileOfTheModelIsRefusedByItsName(String name, String key, String value)
      throws IOException {
    Path changed = copyOfTheModel("changed-" + name);
    Path file = changed.resolve(name);
    ObjectMapper json = new ObjectMapper();
    ObjectNode content =
        Files.exists(file) ? (ObjectNode) json.readTree(file.toFile()) : json.createObjectNode();
    content.set(key, json.readTree(value));
    json.writeValue(file.toFile(), content);
    Map<String, byte[]> before = TrainingRuns.content(reference, STEPS);
    List<String> arguments = new ArrayList<>(List.of(arguments(reference)));
    arguments.set(arguments.indexOf(model.toString()), changed.toString());
    CommandLineResult result = CommandLineResult.of(arguments.toArray(String[]::new));
    assertThat(result.status()).as(result.err()).isEqualTo(2);
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.err()).contains("began from another model: " + name + " ");
    assertThat(TrainingRuns.content(reference, STEPS).keySet()).isEqualTo(before.keySet());
  }

  @Test
  void theSameModelInAnotherFolderResumesTheRun() throws IOException {
    Path moved = copyOfTheModel("moved-model");
    Files.writeString(moved.resolve("README.md"), "A file that nothing reads.");
    List<String> arguments = new ArrayList<>(List.of(arguments(reference)));
    arguments.set(arguments.indexOf(model.toString()), moved.toString());
    CommandLineResult result = CommandLineResult.of(arguments.toArray(String[]::new));
    assertThat(result.status()).as(result.err()).isZero();
  }

  private static Path copyOfTheModel(String name) throws IOException {
    Path copy = Files.createDirectories(folder.resolve(name));
    try (Stream<Path> files = Files.list(model)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    return copy;
  }

  /** With a constant learning rate, so that the run can also be prolonged. */
  private static String[] adapterArguments(Path run, int steps, String... more) {
    List<String> arguments = new ArrayList<>(List.of(arguments(run, steps, more)));
    for (String setting :
        List.of(
            "peft.use=lora",
            "peft.r=4",
            "peft.lora-alpha=16",
            "peft.target-modules=.*language_model.*_proj",
            "grpo.num-iterations=2",
            "grpo.sampling.top-p=0.95",
            "grpo.sampling.min-p=0.01",
            "grpo.sampling.repetition-penalty=1.02",
            "grpo.optimizer.lr-scheduler-type=constant",
            "grpo.optimizer.learning-rate=5e-3")) {
      arguments.addAll(List.of("--set", setting));
    }
    return arguments.toArray(String[]::new);
  }

  @Test
  void anAdapterHasTheSameBytesOnOneThreadKilledResumedAndProlonged() throws Exception {
    Path whole = folder.resolve("adapter");
    assertThat(CommandLineResult.of(adapterArguments(whole, 4)).err()).isEmpty();
    Map<String, byte[]> adapter = TrainingRuns.content(whole, 4);
    assertThat(adapter)
        .containsOnlyKeys(
            "adapter_config.json",
            "adapter_model.safetensors",
            "manifest.json",
            "trainer_state.json",
            "trainer_state.safetensors");
    assertThat(adapter.get("trainer_state.safetensors").length)
        .isLessThan((int) Files.size(model.resolve("model.safetensors")));
    assertThat(adapter.get("adapter_model.safetensors"))
        .isNotEqualTo(TrainingRuns.content(whole, 3).get("adapter_model.safetensors"));

    Path killed = folder.resolve("adapter-killed");
    TrainingRuns.kill(killed, 1, adapterArguments(killed, 3, "--master", "local[1]"));
    assertThat(CommandLineResult.of(adapterArguments(killed, 4)).err()).isEmpty();
    TrainingRuns.assertSameCheckpoint(killed, whole, 4);

    continuesAsItsOwnReference(TrainingRuns.checkpoint(whole, 4));
    answersAsTheModelItIsMergedInto(TrainingRuns.checkpoint(whole, 4));
  }

  /** What KL is measured from is the adapter a run starts with, not the model without it. */
  private static void continuesAsItsOwnReference(Path adapter) throws IOException {
    Path run = folder.resolve("from-adapter");
    String[] arguments =
        arguments(run, 2, "--adapter", adapter.toString(), "--set", "grpo.objective.beta=0.5");
    assertThat(CommandLineResult.of(arguments).err()).isEmpty();
    List<String> lines = Files.readAllLines(run.resolve("metrics.jsonl"));
    assertThat(new ObjectMapper().readTree(lines.get(0)).path("kl").asDouble(-1)).isZero();
    assertThat(new ObjectMapper().readTree(lines.get(1)).path("kl").asDouble(-1)).isPositive();
  }

  private static void answersAsTheModelItIsMergedInto(Path adapter) throws IOException {
    Path merged = folder.resolve("merged");
    CommandLineResult exported =
        CommandLineResult.of(
            "export",
            "--model",
            model.toString(),
            "--adapter",
            adapter.toString(),
            "--output",
            merged.toString());
    assertThat(exported.err()).isEmpty();
    assertThat(merged.resolve("model.safetensors"))
        .hasSize(Files.size(model.resolve("model.safetensors")));
    assertThat(merged.resolve("trainer_state.json")).doesNotExist();
    List<String> beside =
        answers("beside", "--model", model.toString(), "--adapter", adapter.toString());
    assertThat(beside).isNotEmpty().isEqualTo(answers("merged", "--model", merged.toString()));
  }

  private static List<String> answers(String name, String... policy) {
    Path run = folder.resolve("answers-" + name);
    List<String> arguments = new ArrayList<>(List.of("evaluate", "--shards", shards.toString()));
    arguments.addAll(List.of(policy));
    arguments.addAll(List.of("--run", run.toString(), "--set", "evaluation.partitions=2"));
    arguments.addAll(List.of("--set", "evaluation.max-completion-length=32"));
    assertThat(CommandLineResult.of(arguments.toArray(String[]::new)).err()).isEmpty();
    return SharedSpark.session()
        .read()
        .parquet(run.resolve(EvaluationTable.FOLDER).toString())
        .orderBy("sample_id")
        .select("text")
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .toList();
  }

  @Test
  void metricsAndTrajectoriesThatAreGoneOrDamagedAreNamedAndRecorded() throws IOException {
    Path run = folder.resolve("lost");
    String[] constant = {"--set", "grpo.optimizer.lr-scheduler-type=constant"};
    assertThat(CommandLineResult.of(arguments(run, 3, constant)).status()).isZero();
    Files.delete(run.resolve("metrics.jsonl"));
    Path table = run.resolve("trajectories/step=1/part-00000.snappy.parquet");
    byte[] content = Files.readAllBytes(table);
    content[content.length / 2] ^= 1;
    Files.write(table, content);
    CommandLineResult resumed = CommandLineResult.of(arguments(run, 4, constant));
    assertThat(resumed.status()).as(resumed.err()).isZero();
    String lost =
        "metrics.jsonl lacks step 0-2, trajectories are gone or damaged for step 1; those steps"
            + " are done and are not recorded again.";
    assertThat(
            new ObjectMapper()
                .readTree(run.resolve("summary.json").toFile())
                .path("metrics")
                .path("lost")
                .asText())
        .isEqualTo(lost);
    JsonNode whole = new ObjectMapper().readTree(reference.resolve("summary.json").toFile());
    assertThat(whole.path("metrics").has("lost")).isFalse();
    assertThat(whole.path("metrics").path("machines").asText())
        .isEqualTo(MachineKind.here().toString());
  }

  @Test
  void anotherCommandDoesNotWriteIntoTheFolderOfARun() throws IOException {
    String config = Files.readString(reference.resolve("config.yaml"));
    String summary = Files.readString(reference.resolve("summary.json"));
    CommandLineResult result =
        CommandLineResult.of(
            "evaluate",
            "--shards",
            shards.toString(),
            "--model",
            model.toString(),
            "--run",
            reference.toString());
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err())
        .isEqualToIgnoringNewLines(
            "medvol: Folder "
                + reference
                + " is of 'medvol grpo'; 'medvol evaluate' would replace its settings and summary."
                + " Name another folder.");
    assertThat(reference.resolve("config.yaml")).hasContent(config);
    assertThat(reference.resolve("summary.json")).hasContent(summary);
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
