package io.medvol.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.model.tiny.PolicyBundle;
import io.medvol.spark.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PretrainCommandTest {
  @TempDir private Path folder;

  @Test
  void aRecipeGivesTheSameBytesInOneGoAndAfterAnInterruption() throws IOException {
    SharedSpark.session();
    Path whole = pretrain("whole", 4);
    pretrain("cut", 2);
    Path cut = pretrain("cut", 4);
    assertThat(PolicyBundle.open(cut).modelType()).isEqualTo("qwen3_vl");
    for (String file :
        List.of(PolicyBundle.WEIGHTS, PolicyBundle.RECIPE, PolicyBundle.DESCRIPTION)) {
      assertThat(cut.resolve(file)).as(file).hasSameBinaryContentAs(whole.resolve(file));
    }
    assertThat(Files.readString(cut.resolve(PolicyBundle.RECIPE)))
        .contains("margin: 2", "prompts-per-source: 4", "seed: 31");
  }

  private Path pretrain(String name, int steps) {
    Path run = folder.resolve(name);
    List<String> arguments = new ArrayList<>(List.of("pretrain", "--run", run.toString()));
    for (String setting :
        List.of(
            "pretrain.seed=31",
            "pretrain.measured-volumes=1",
            "pretrain.phantoms.volumes=2",
            "pretrain.phantoms.slices=8",
            "prepare.shown-slices=3",
            "demonstrations.margin=2",
            "sft.steps=" + steps,
            "sft.save-steps=1",
            "sft.prompts-per-step=8",
            "sft.prompts-per-source=4",
            "sft.optimizer.lr-scheduler-type=constant",
            "evaluation.max-completion-length=6",
            "evaluation.max-samples=3")) {
      arguments.addAll(List.of("--set", setting));
    }
    CommandLineResult result = CommandLineResult.of(arguments.toArray(String[]::new));
    assertThat(result.err()).isEmpty();
    assertThat(result.status()).isZero();
    return run.resolve("bundle");
  }
}
