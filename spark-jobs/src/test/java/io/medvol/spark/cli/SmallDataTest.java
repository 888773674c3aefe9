package io.medvol.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.data.phantom.PhantomConfig;
import io.medvol.data.phantom.PhantomFolder;
import io.medvol.data.storage.LocalStorage;
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

/** One scan, and a policy that has learned nothing: what a first try may look like. */
class SmallDataTest {
  @TempDir private static Path folder;

  @BeforeAll
  static void startSpark() {
    SharedSpark.session();
  }

  @Test
  void stepsFitOneScanAndAnUntrainedPolicyIsToldWhatToDo() throws IOException {
    Path scans = folder.resolve("scans");
    Path model = folder.resolve("model");
    Path shards = folder.resolve("shards");
    PhantomFolder.write(
        new LocalStorage(), scans.toString(), new PhantomConfig(1, 5, 8, 32, 32, 0.08, 25, 0.5));
    TinyQwen3Vl.write(
        TinyPolicyConfig.defaults(3).withPhrases(SlicePromptBuilder.fixedTexts()), model);
    run("prepare", "--input", scans, "--output", shards, "--set", "prepare.shown-slices=2");

    for (String method : List.of("sft", "grpo")) {
      Path run = folder.resolve(method);
      List<Object> arguments =
          new ArrayList<>(
              List.of(method, "--shards", shards, "--model", model, "--run", run, "--steps", 1));
      for (String setting :
          List.of(
              method + ".prompts-per-step=1000",
              "grpo.num-generations=2",
              "grpo.sampling.max-completion-length=6")) {
        arguments.addAll(List.of("--set", setting));
      }
      String out = run(arguments.toArray());
      assertThat(out)
          .contains("Warning: " + method + ".prompts-per-step is 1000, but there are only ");
      assertThat(Files.readString(run.resolve("config.yaml")))
          .doesNotContain("prompts-per-step: 1000");
      // The same command finds its own run again.
      assertThat(run(arguments.toArray())).contains("Resuming after step 1 of 1");
      if (method.equals("grpo")) {
        assertThat(out)
            .containsOnlyOnce("Warning: After step 1 no completion can be parsed")
            .contains("medvol sft");
      }
    }
    assertThat(
            run(
                "evaluate",
                "--shards",
                shards,
                "--model",
                model,
                "--run",
                folder.resolve("evaluation"),
                "--set",
                "evaluation.max-completion-length=6",
                "--set",
                "evaluation.max-samples=2"))
        .contains("Warning: In this evaluation no completion can be parsed: 2 of 2");
  }

  @Test
  void oneScanWithNamedLabelsTrainsWithTheDefaultSettings() throws IOException {
    Path scans = folder.resolve("named");
    Path model = folder.resolve("named-model");
    Path shards = folder.resolve("named-shards");
    PhantomFolder.write(
        new LocalStorage(), scans.toString(), new PhantomConfig(1, 5, 8, 32, 32, 0.08, 25, 0.5));
    Files.writeString(scans.resolve("dataset.yaml"), "labels: {1: liver, 2: kidney_left}\n");
    TinyQwen3Vl.write(
        TinyPolicyConfig.defaults(3).withPhrases(SlicePromptBuilder.fixedTexts()), model);
    run("prepare", "--input", scans, "--output", shards);
    Path run = folder.resolve("named-run");

    String out = run("grpo", "--shards", shards, "--model", model, "--run", run, "--steps", 1);

    assertThat(out).contains("Warning: grpo.prompts-per-step is ");
    assertThat(run.resolve("checkpoints/step-000001/manifest.json")).exists();
  }

  private static String run(Object... arguments) {
    CommandLineResult result =
        CommandLineResult.of(Stream.of(arguments).map(Object::toString).toArray(String[]::new));
    assertThat(result.err()).isEmpty();
    assertThat(result.status()).isZero();
    return result.out();
  }
}
