package io.medvol.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.medvol.spark.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Med-R1 from pictures to matrices, with so few steps that nothing is learned. */
class MedR1CommandTest {
  private static final List<String> SETTINGS =
      List.of(
          "samples.test-share=0.4",
          "sft.steps=1",
          "sft.prompts-per-step=2",
          "sft.partitions=1",
          "grpo.steps=1",
          "grpo.prompts-per-step=2",
          "grpo.num-generations=2",
          "grpo.partitions=1",
          "grpo.sampling.max-completion-length=6",
          "evaluation.max-completion-length=6",
          "evaluation.max-samples=12",
          "evaluation.partitions=1",
          "matrix.stages=[sft]");

  @TempDir private static Path folder;
  private static Path shards;
  private static Path model;

  @BeforeAll
  static void prepare() throws IOException {
    SharedSpark.session();
    Path pictures = folder.resolve("pictures");
    shards = folder.resolve("shards");
    model = folder.resolve("model");
    run("pictures", "--output", pictures, "--model", model, "--set", "pictures.pictures=4");
    Files.writeString(pictures.resolve("Images/CT/ct-00000.png"), "damaged");
    CommandLineResult prepared = run("prepare", "--input", pictures, "--output", shards);
    assertThat(prepared.out()).contains("Prepared 31 of 32 cases").contains("Rejected: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"think-answer", "answer-only", "answer-think"})
  void everyFormRunsFromSftOverGrpoToAnEvaluation(String form) throws IOException {
    Path runs = folder.resolve(form);
    String choice = "choice.response-form=" + form;
    train("sft", model, runs.resolve("sft"), choice, "samples.part=train");
    Path sft = runs.resolve("sft/checkpoints/step-000001");
    train("grpo", sft, runs.resolve("grpo"), choice, "samples.part=train");
    Path grpo = runs.resolve("grpo/checkpoints/step-000001");
    train("evaluate", grpo, runs.resolve("evaluation"), choice, "samples.part=test");
    JsonNode metrics =
        new ObjectMapper()
            .readTree(runs.resolve("evaluation/summary.json").toFile())
            .path("metrics");
    assertThat(metrics.path("eval_accuracy").isNumber()).isTrue();
    assertThat(metrics.path("eval_rewards/format/mean").isNumber()).isTrue();
    assertThat(metrics.path("eval_samples").asInt()).isEqualTo(12);
    assertThat(runs.resolve("grpo/trajectories/step=0")).isDirectory();
    CommandLineResult compared =
        evaluate(
            sft,
            runs.resolve("compared"),
            List.of("--baseline", runs.resolve("evaluation")),
            choice,
            "samples.part=test",
            "evaluation.confidence-samples=3");
    assertThat(compared.out()).contains("eval_accuracy-minus-baseline");
    JsonNode difference =
        new ObjectMapper().readTree(runs.resolve("compared/summary.json").toFile()).path("metrics");
    assertThat(difference.path("eval_accuracy-minus-baseline").path("samples").asInt())
        .isEqualTo(12);
    assertThat(difference.path("eval_ece").isNumber()).isTrue();
    assertThat(difference.path("eval_aurc").isNumber()).isTrue();
  }

  @Test
  void matrixTrainsEachRowOnceAndGoesOnWhereItWasInterrupted() throws IOException {
    Path run = folder.resolve("matrix");
    Path csv = run.resolve("matrix.csv");
    String[] arguments = {"matrix", "--by", "type"};
    train(arguments, model, run);
    List<String> lines = Files.readAllLines(csv);
    assertThat(lines).hasSize(7);
    assertThat(lines.get(0)).startsWith("trained_on,");
    assertThat(lines.get(1)).startsWith("(untrained),");
    assertThat(Files.readString(run.resolve("matrix.svg"))).contains("Lesion Grading");
    assertThat(Files.readAllLines(run.resolve("cells.csv"))).hasSizeGreaterThan(6);
    Path row = run.resolve("rows/lesion-grading");
    Path checkpoint = row.resolve("sft/checkpoints/step-000001/model.safetensors");
    var written = Files.getLastModifiedTime(checkpoint);
    Files.delete(run.resolve("rows/modality-recognition/row.json"));
    String before = Files.readString(csv);
    CommandLineResult again = train(arguments, model, run);
    assertThat(again.out()).contains("Row Lesion Grading is done");
    assertThat(Files.readString(csv)).isEqualTo(before);
    assertThat(Files.getLastModifiedTime(checkpoint)).isEqualTo(written);
  }

  @Test
  void baselineThatIsNoEvaluationIsRefused() {
    List<Object> arguments = arguments(model, folder.resolve("refused"), "samples.part=test");
    arguments.add(0, "evaluate");
    arguments.addAll(List.of("--baseline", folder));
    CommandLineResult result =
        CommandLineResult.of(arguments.stream().map(Object::toString).toArray(String[]::new));
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).contains("baseline");
  }

  private static CommandLineResult evaluate(
      Path from, Path to, List<Object> more, String... settings) {
    List<Object> arguments = arguments(from, to, settings);
    arguments.add(0, "evaluate");
    arguments.addAll(more);
    return run(arguments.toArray());
  }

  private static CommandLineResult train(String command, Path from, Path to, String... settings) {
    return train(new String[] {command}, from, to, settings);
  }

  private static CommandLineResult train(String[] command, Path from, Path to, String... settings) {
    List<Object> arguments = new ArrayList<>(List.of((Object[]) command));
    arguments.addAll(arguments(from, to, settings));
    return run(arguments.toArray());
  }

  private static List<Object> arguments(Path from, Path to, String... settings) {
    List<Object> arguments =
        new ArrayList<>(List.of("--shards", shards, "--model", from, "--run", to));
    for (String setting : SETTINGS) {
      arguments.addAll(List.of("--set", setting));
    }
    for (String setting : settings) {
      arguments.addAll(List.of("--set", setting));
    }
    return arguments;
  }

  private static CommandLineResult run(Object... arguments) {
    String[] texts = new String[arguments.length];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = arguments[i].toString();
    }
    CommandLineResult result = CommandLineResult.of(texts);
    assertThat(result.err()).isEmpty();
    assertThat(result.status()).isZero();
    return result;
  }
}
