package io.medvol.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.spark.SharedSpark;
import io.medvol.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rollouts whose masks are drawn by a network that each task opens for itself. */
class SegmenterInTheLoopTest {
  private static final String BUNDLE = "propagator.checkpoint=bundle";
  private static final int STEPS = 1;

  @TempDir private static Path folder;
  private static Path shards;
  private static Path model;

  @BeforeAll
  static void prepare() throws IOException {
    SharedSpark.session();
    shards = ColdStart.shards(folder);
    model = ColdStart.model(folder, shards);
  }

  private static String[] arguments(Path run, String... settings) {
    List<String> arguments = new ArrayList<>(List.of("grpo", "--shards", shards.toString()));
    arguments.addAll(List.of("--model", model.toString(), "--run", run.toString()));
    arguments.addAll(List.of("--steps", Integer.toString(STEPS), "--seed", "11"));
    List<String> all =
        new ArrayList<>(
            List.of(
                "propagator.type=medsam2",
                "grpo.prompts-per-step=3",
                "grpo.num-generations=4",
                "grpo.partitions=3",
                "grpo.save-steps=" + STEPS,
                "grpo.sampling.temperature=0.5",
                "grpo.sampling.max-completion-length=32"));
    all.addAll(List.of(settings));
    for (String setting : all) {
      arguments.addAll(List.of("--set", setting));
    }
    return arguments.toArray(String[]::new);
  }

  private static List<String> digests(Path run) {
    return SharedSpark.session()
        .read()
        .parquet(run.resolve("trajectories").toString())
        .orderBy("step", "sample_id", "sample_index")
        .select("mask_digest")
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .toList();
  }

  @Test
  void theShippedNetworkDrawsTheSameMasksOnOneThreadAsOnTwo() throws Exception {
    Path two = folder.resolve("two-threads");
    CommandLineResult trained = CommandLineResult.of(arguments(two, BUNDLE));
    assertThat(trained.err()).isEmpty();
    Path one = folder.resolve("one-thread");
    TrainingRuns.complete(one, withMaster("local[1]", arguments(one, BUNDLE)));
    List<String> masks = digests(two);
    assertThat(masks).anyMatch(digest -> !digest.isEmpty());
    assertThat(digests(one)).isEqualTo(masks);
    TrainingRuns.assertSameCheckpoint(one, two, STEPS);

    Path grown = folder.resolve("grown");
    assertThat(CommandLineResult.of(arguments(grown, "propagator.type=region-grow")).err())
        .isEmpty();
    assertThat(digests(grown).subList(0, 12)).isNotEqualTo(masks.subList(0, 12));
  }

  private static String[] withMaster(String master, String[] arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--master", master));
    return all.toArray(String[]::new);
  }

  private static void assertRefused(String name, String fragment, String... settings) {
    CommandLineResult result = CommandLineResult.of(arguments(folder.resolve(name), settings));
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.err()).contains(fragment);
  }

  @Test
  void aMissingCheckpointIsOneSentenceAndStatusTwo() {
    Path nowhere = folder.resolve("nowhere.pt");
    assertRefused("missing", nowhere.toString(), "propagator.checkpoint=" + nowhere);
  }

  @Test
  void weightsOfAnotherDigestAreOneSentenceAndStatusTwo() throws IOException {
    Path shipped =
        Golden.projectRoot().resolve("models/src/main/resources/io/medvol/model/sam2/bundle");
    Path copy = Files.createDirectories(folder.resolve("copy"));
    for (String file : List.of("config.yaml", "bundle.json", "model.safetensors")) {
      Files.copy(shipped.resolve(file), copy.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
    byte[] weights = Files.readAllBytes(copy.resolve("model.safetensors"));
    weights[weights.length - 1] ^= 1;
    Files.write(copy.resolve("model.safetensors"), weights);
    assertRefused("digest", "SHA-256", "propagator.checkpoint=" + copy);
  }

  @Test
  void weightsOfAnotherNetworkAreOneSentenceAndStatusTwo() {
    Path tiny = Golden.projectRoot().resolve("testdata/tiny-sam2");
    assertRefused(
        "network",
        "do not fit the model configuration",
        "propagator.checkpoint=" + tiny.resolve("model.pt"),
        "propagator.model-config="
            + Golden.projectRoot()
                .resolve("models/src/main/resources/io/medvol/model/sam2/bundle/config.yaml"));
  }

  @Test
  void aBrokenNetworkConfigurationIsOneSentenceAndStatusTwo() throws IOException {
    Path broken = Files.writeString(folder.resolve("broken.yaml"), "model:\n  image_size: 100\n");
    Path tiny = Golden.projectRoot().resolve("testdata/tiny-sam2/model.pt");
    assertRefused(
        "config",
        "image_size",
        "propagator.checkpoint=" + tiny,
        "propagator.model-config=" + broken);
  }
}
