package io.medvol.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.medvol.grpo.run.RunLock;
import io.medvol.spark.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartCommandTest {
  @TempDir private Path folder;

  @Test
  void theWholeWayRoundLeavesAReportThatStandsAlone() throws IOException {
    SharedSpark.session();
    Path run = folder.resolve("run");
    List<String> arguments =
        new ArrayList<>(List.of("quickstart", "--run", run.toString(), "--seed", "5"));
    for (String setting :
        List.of(
            "quickstart.phantoms.volumes=2",
            "quickstart.phantoms.slices=8",
            "quickstart.held-out-volumes=2",
            "prepare.shown-slices=4",
            "sft.steps=2",
            "sft.save-steps=2",
            "sft.prompts-per-step=2",
            "grpo.steps=1",
            "grpo.prompts-per-step=2",
            "grpo.num-generations=2",
            "grpo.sampling.max-completion-length=8",
            "evaluation.max-completion-length=8",
            "evaluation.max-samples=4")) {
      arguments.addAll(List.of("--set", setting));
    }
    CommandLineResult result = CommandLineResult.of(arguments.toArray(String[]::new));
    assertThat(result.err()).isEmpty();
    assertThat(result.status()).isZero();
    assertThat(result.out()).contains("report/index.html");
    String page = Files.readString(run.resolve("report/index.html"));
    assertThat(page)
        .contains("<svg")
        .contains("data:image/png;base64,")
        .contains("SFT + GRPO")
        .contains(" <small>[")
        .doesNotContain("eval_dice_low")
        .endsWith("</html>\n")
        .doesNotContain("http://")
        .doesNotContain("https://")
        .doesNotContain("<script");
    JsonNode summary = new ObjectMapper().readTree(run.resolve("summary.json").toFile());
    assertThat(summary.path("command").asText()).isEqualTo("quickstart");
    assertThat(summary.path("metrics").path("SFT + GRPO").path("eval_samples").asInt())
        .isEqualTo(4);
    JsonNode dice = summary.path("metrics").path("dice");
    for (String row :
        List.of(
            "blind",
            "base",
            "sft",
            "continued-sft",
            "grpo",
            "grpo-only",
            "grpo-minus-sft",
            "grpo-minus-continued-sft")) {
      for (String number : List.of("mean", "ci95-low", "ci95-high")) {
        assertThat(dice.path(row).path(number).isNumber()).as(row + "." + number).isTrue();
      }
    }
    assertThat(
            summary
                .path("metrics")
                .path("measures")
                .path("blind")
                .path("failure-rate")
                .asDouble(Double.NaN))
        .isZero();
    assertThat(summary.path("seconds").asDouble()).isPositive();
    assertThat(Files.readString(run.resolve("table.txt")))
        .contains("blind constant answer", "SFT + continued SFT", "GRPO only", "grpo - sft");
    assertThat(run.resolve("grpo/checkpoints/step-000001/model.safetensors")).exists();
    assertThat(run.resolve("grpo/trajectories/step=0")).isDirectory();
    assertThat(run.resolve("grpo/metrics.jsonl")).exists();
    assertThat(run.resolve("features")).doesNotExist();
  }

  @Test
  void aSecondOneInTheSameFolderIsRefusedWhileTheFirstRuns() {
    Path run = folder.resolve("busy");
    CommandLineResult result;
    try (RunLock first = RunLock.acquire(run)) {
      result = CommandLineResult.of("quickstart", "--run", run.toString());
    }
    assertThat(result.status()).isEqualTo(4);
    assertThat(result.err())
        .isEqualToIgnoringNewLines(
            "medvol: Another run is writing to "
                + run
                + ". Wait for it to end, or give another run directory.");
    assertThat(run).isDirectoryNotContaining("glob:**config.yaml");
  }
}
