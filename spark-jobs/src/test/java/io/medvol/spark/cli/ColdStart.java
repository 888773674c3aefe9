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

/** A small data set, and a model that knows the form of an answer to it. */
final class ColdStart {
  private static final int STEPS = 60;

  private ColdStart() {}

  /** Prepares two phantoms below a folder. */
  static Path shards(Path folder) throws IOException {
    Path scans = folder.resolve("scans");
    Path shards = folder.resolve("shards");
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
    return shards;
  }

  /** A model that has seen the form of an answer, so that rewards differ within a group. */
  static Path model(Path folder, Path shards) throws IOException {
    Path untrained = folder.resolve("untrained");
    TinyQwen3Vl.write(
        TinyPolicyConfig.defaults(3).withPhrases(SlicePromptBuilder.fixedTexts()), untrained);
    List<String> arguments = new ArrayList<>(List.of("sft", "--shards", shards.toString()));
    arguments.addAll(List.of("--model", untrained.toString(), "--steps", Integer.toString(STEPS)));
    arguments.addAll(List.of("--run", folder.resolve("sft").toString()));
    for (String setting :
        List.of(
            "sft.prompts-per-step=8",
            "sft.save-steps=" + STEPS,
            "sft.optimizer.learning-rate=5e-3",
            "sft.optimizer.warmup-steps=5")) {
      arguments.addAll(List.of("--set", setting));
    }
    CommandLineResult trained = CommandLineResult.of(arguments.toArray(String[]::new));
    assertThat(trained.err()).isEmpty();
    assertThat(trained.status()).isZero();
    return TrainingRuns.checkpoint(folder.resolve("sft"), STEPS);
  }
}
