package io.medvol.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with the inputs is told before a run directory is made and Spark asked for. */
class PreflightTest {
  @TempDir private Path folder;

  @Test
  void aFolderOfScansIsNoShardsAndTheCommandForItIsTold() throws Exception {
    Path scans = new SmallRuns(folder).scans();
    CommandLineResult result = grpo(scans, folder.resolve("model"));
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err())
        .contains(
            scans
                + " is a folder of scans; prepare it first: medvol prepare --input "
                + scans
                + " --output DIR");
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @Test
  void whatIsMissingIsToldInTheOrderOfTheOptions() throws Exception {
    SmallRuns runs = new SmallRuns(folder);
    CommandLineResult noShards = grpo(folder.resolve("absent"), folder.resolve("absent"));
    assertThat(noShards.status()).isEqualTo(2);
    assertThat(noShards.err()).contains("holds no prepared data set");
    Path shards = runs.shards();
    CommandLineResult noModel = grpo(shards, folder.resolve("absent"));
    assertThat(noModel.status()).isEqualTo(2);
    assertThat(noModel.err()).contains("There is no model directory at");
    CommandLineResult noAdapter =
        grpo(shards, runs.model(), "--adapter", folder.resolve("absent").toString());
    assertThat(noAdapter.status()).isEqualTo(2);
    assertThat(noAdapter.err()).contains("adapter_config.json");
    CommandLineResult noSegmenter =
        grpo(
            shards,
            runs.model(),
            "--set",
            "propagator.type=medsam2",
            "--set",
            "propagator.checkpoint=" + folder.resolve("absent.pt"));
    assertThat(noSegmenter.status()).isEqualTo(2);
    assertThat(noSegmenter.err()).contains("absent.pt");
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @Test
  void aWordThatIsNoCommandIsAnsweredByTheNearest() {
    assertThat(CommandLineResult.of("train").err())
        .contains("did you mean train-segmenter, sft or grpo?");
    assertThat(CommandLineResult.of("quick").err()).contains("did you mean quickstart?");
    assertThat(CommandLineResult.of("evalute").err()).contains("did you mean evaluate?");
    assertThat(CommandLineResult.of("prepare", "--imput", "x").err())
        .contains("did you mean --input?");
  }

  @Test
  void anOptionThatIsASettingIsAnsweredByTheSetting() {
    assertThat(CommandLineResult.of("grpo", "--num_generations", "8").err())
        .contains("--set grpo.num-generations=8");
    assertThat(CommandLineResult.of("sft", "--learning_rate=1e-5").err())
        .contains("--set sft.optimizer.learning-rate=1e-5");
  }

  private CommandLineResult grpo(Path shards, Path model, String... more) throws Exception {
    List<String> arguments =
        new ArrayList<>(SmallRuns.grpo(shards, model, folder.resolve("run"), more));
    return CommandLineResult.of(arguments.toArray(String[]::new));
  }
}
