package io.medvol.grpo.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.config.ConfigLoader;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.LocalStorage;
import io.medvol.grpo.metrics.JsonLinesMetrics;
import io.medvol.model.tensor.TorchRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmenterTrainerTest {
  private static final List<String> SHORT =
      List.of(
          "save-steps=1",
          "network.image-size=32",
          "network.embed-dim=8",
          "network.width=32",
          "network.memory-width=16",
          "network.memory-layers=1",
          "network.feed-forward=32",
          "phantoms.volumes=2",
          "stages=[{steps: 2, clips: 0, stills: 4}, {steps: 2, clips: 2, slices: 3, stills: 2},"
              + " {steps: 2, clips: 2, slices: 4, stills: 2}]");
  private static final String STILLS = "stages=[{steps: 2, clips: 0, stills: 4}]";

  @TempDir private Path folder;

  @BeforeAll
  static void oneThreadForAnOperation() {
    TorchRuntime.setIntraOpThreads(1);
  }

  private Path train(String run, String... settings) {
    SegmenterConfig config =
        ConfigLoader.of(SegmenterConfig.class)
            .withSettings(SHORT)
            .withSettings(List.of(settings))
            .load()
            .value();
    LocalStorage storage = new LocalStorage();
    String path = folder.resolve(run).toString();
    try (JsonLinesMetrics metrics = JsonLinesMetrics.open(storage, path + "/metrics.jsonl")) {
      return Path.of(new SegmenterTrainer(config, storage, path + "/checkpoints", metrics).train());
    }
  }

  @Test
  void equalRecipesGiveEqualBytesAndResumingChangesNothing() throws IOException {
    Path first = train("first");
    Path second = train("second");
    copy(folder.resolve("first/checkpoints/step-000004"), folder.resolve("third/checkpoints"));
    Path resumed = train("third");

    byte[] weights = Files.readAllBytes(first.resolve("model.safetensors"));
    assertThat(Files.readAllBytes(second.resolve("model.safetensors"))).isEqualTo(weights);
    assertThat(Files.readAllBytes(resumed.resolve("model.safetensors"))).isEqualTo(weights);
    assertThat(Files.readString(folder.resolve("first/metrics.jsonl")))
        .contains("\"tracked/dice_loss\"");
  }

  @Test
  void anotherSeedGivesOtherWeightsAndCannotResume() throws IOException {
    Path first = train("run", STILLS);

    assertThatThrownBy(() -> train("run", STILLS, "seed=3"))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("other settings");
    Path other = train("other", STILLS, "seed=3");
    assertThat(Files.readAllBytes(other.resolve("model.safetensors")))
        .isNotEqualTo(Files.readAllBytes(first.resolve("model.safetensors")));
  }

  @Test
  void everyProblemOfARecipeIsOneSentence() {
    assertThatThrownBy(
            () ->
                ConfigLoader.of(SegmenterConfig.class)
                    .withSettings(
                        List.of(
                            "partitions=0",
                            "network.image-size=100",
                            "network.width=48",
                            "phantoms.box-jitter=7",
                            "phantoms.end-share=NaN",
                            "stages=[{learning-rate: 0, clips: 0, stills: 0},"
                                + " {slices: 99, warmup-steps: -1, schedule-steps: 0}]"))
                    .load())
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("partitions")
        .hasMessageContaining("network.image-size")
        .hasMessageContaining("network.width")
        .hasMessageContaining("phantoms.box-jitter")
        .hasMessageContaining("phantoms.end-share")
        .hasMessageContaining("stages[0].learning-rate")
        .hasMessageContaining("stages[0].stills")
        .hasMessageContaining("stages[1].slices")
        .hasMessageContaining("stages[1].warmup-steps")
        .hasMessageContaining("stages[1].schedule-steps");
    assertThatThrownBy(
            () -> ConfigLoader.of(SegmenterConfig.class).withSettings(List.of("stages=[]")).load())
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("at least one item");
  }

  private static void copy(Path from, Path into) throws IOException {
    Path target = into.resolve(from.getFileName());
    Files.createDirectories(target);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, target.resolve(file.getFileName()));
      }
    }
  }
}
