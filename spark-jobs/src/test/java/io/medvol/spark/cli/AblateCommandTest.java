package io.medvol.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.medvol.model.tiny.TinyPolicyConfig;
import io.medvol.model.tiny.TinyQwen3Vl;
import io.medvol.rollout.prompt.SlicePromptBuilder;
import io.medvol.spark.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AblateCommandTest {
  @TempDir private static Path folder;
  private static Path shards;

  @BeforeAll
  static void makeDataAndModel() throws IOException {
    SharedSpark.session();
    shards = ColdStart.shards(folder);
    TinyQwen3Vl.write(
        TinyPolicyConfig.defaults(3).withPhrases(SlicePromptBuilder.fixedTexts()),
        folder.resolve("model"));
  }

  @Test
  void variantsAreTrainedTestedAndTabledAndThoseTaughtAlikeShareAColdStart() throws IOException {
    Path config =
        Files.writeString(
            folder.resolve("ablation.yaml"),
            """
            ablation:
              variants:
                all terms: []
                without axial: [rewards.weights.axial=0]
                "no thoughts": [rewards.response-form=answer-only, rewards.consistency-radius=1]
            """);
    Path run = folder.resolve("ablation");
    CommandLineResult result = ablate(config, run);
    assertThat(result.err()).isEmpty();
    assertThat(result.status()).isZero();
    assertThat(result.out()).contains("all terms", "without axial", "no thoughts");
    List<String> table = Files.readAllLines(run.resolve("ablation.csv"));
    assertThat(table.get(0)).startsWith("variant,dice,ci95_low,ci95_high,key_slice_hit,box_iou");
    assertThat(table).hasSize(4).allSatisfy(line -> assertThat(line.split(",")).hasSize(8));
    assertThat(Files.readString(run.resolve("ablation.txt"))).contains("without axial");
    try (Stream<Path> starts = Files.list(run)) {
      assertThat(starts.filter(path -> path.getFileName().toString().startsWith("sft-")))
          .as("two forms of the answer")
          .hasSize(2);
    }
    JsonNode dice =
        new ObjectMapper().readTree(run.resolve("summary.json").toFile()).path("metrics");
    assertThat(dice.path("dice").path("without-axial").path("mean").isNumber()).isTrue();
    // What is done is kept.
    byte[] done = Files.readAllBytes(run.resolve("ablation.csv"));
    assertThat(ablate(config, run).status()).isZero();
    assertThat(run.resolve("ablation.csv")).hasBinaryContent(done);
  }

  @Test
  void nothingToCompareIsSaid() throws IOException {
    Path config = Files.writeString(folder.resolve("none.yaml"), "sft:\n  steps: 1\n");
    CommandLineResult result = ablate(config, folder.resolve("none"));
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).contains("ablation.variants is empty");
  }

  private static CommandLineResult ablate(Path config, Path run) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "ablate",
                "--config",
                config.toString(),
                "--shards",
                shards.toString(),
                "--held-out",
                shards.toString(),
                "--model",
                folder.resolve("model").toString(),
                "--run",
                run.toString()));
    for (String setting :
        List.of(
            "sft.steps=1",
            "sft.save-steps=1",
            "sft.prompts-per-step=2",
            "grpo.steps=1",
            "grpo.prompts-per-step=2",
            "grpo.num-generations=2",
            "grpo.max-degenerate-steps=1000",
            "grpo.sampling.max-completion-length=32",
            "evaluation.max-samples=3",
            "evaluation.max-completion-length=32")) {
      arguments.addAll(List.of("--set", setting));
    }
    return CommandLineResult.of(arguments.toArray(String[]::new));
  }
}
