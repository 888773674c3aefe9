package io.medvol.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.data.phantom.PhantomConfig;
import io.medvol.data.phantom.PhantomFolder;
import io.medvol.data.storage.LocalStorage;
import io.medvol.model.tiny.TinyPolicyConfig;
import io.medvol.model.tiny.TinyQwen3Vl;
import io.medvol.rollout.prompt.SlicePromptBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The smallest inputs of the commands, and their arguments.
 *
 * @param folder in which all of it lies
 */
public record SmallRuns(Path folder) {
  public Path scans() throws IOException {
    Path scans = folder.resolve("scans");
    PhantomFolder.write(
        new LocalStorage(), scans.toString(), new PhantomConfig(2, 5, 8, 32, 32, 0.08, 25, 0.5));
    return scans;
  }

  /** Prepared in this JVM. */
  public Path shards() throws IOException {
    Path shards = folder.resolve("shards");
    CommandLineResult result =
        CommandLineResult.of(prepare(scans(), shards).toArray(String[]::new));
    assertThat(result.status()).as(result.err()).isZero();
    return shards;
  }

  public Path model() throws IOException {
    Path model = folder.resolve("model");
    TinyQwen3Vl.write(
        TinyPolicyConfig.defaults(3).withPhrases(SlicePromptBuilder.fixedTexts()), model);
    return model;
  }

  public static List<String> prepare(Path scans, Path shards, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("prepare", "--input", scans.toString(), "--output", shards.toString()));
    arguments.addAll(List.of("--set", "prepare.shown-slices=4"));
    arguments.addAll(List.of(more));
    return arguments;
  }

  public static List<String> grpo(Path shards, Path model, Path run, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "grpo",
                "--shards",
                shards.toString(),
                "--model",
                model.toString(),
                "--run",
                run.toString()));
    for (String setting :
        List.of(
            "grpo.steps=1",
            "grpo.prompts-per-step=2",
            "grpo.num-generations=2",
            "grpo.sampling.max-completion-length=8")) {
      arguments.addAll(List.of("--set", setting));
    }
    arguments.addAll(List.of(more));
    return arguments;
  }
}
