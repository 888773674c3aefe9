package io.medvol.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a quickstart writes to its console, counted at the file descriptors. */
class ConsoleIT {
  private static final int MOST_LINES = 150;

  @TempDir private Path folder;

  @Test
  void aQuickstartIsReadable() throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("quickstart", "--run", folder.resolve("run").toString()));
    for (String setting :
        List.of(
            "quickstart.phantoms.volumes=2",
            "quickstart.held-out-volumes=1",
            "sft.steps=2",
            "sft.prompts-per-step=2",
            "grpo.steps=2",
            "grpo.prompts-per-step=2",
            "grpo.num-generations=2",
            "evaluation.max-samples=4")) {
      arguments.addAll(List.of("--set", setting));
    }
    Launcher.Result result = Launcher.in(folder).run(arguments);
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out().lines()).hasSizeLessThanOrEqualTo(MOST_LINES);
    assertThat(result.out()).contains("Report: ");
  }
}
