package io.medvol.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.medvol.spark.SharedSpark;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeasureSegmenterCommandTest {
  @TempDir private static Path folder;
  private static Path shards;

  @BeforeAll
  static void prepare() throws IOException {
    SharedSpark.session();
    shards = ColdStart.shards(folder);
  }

  private static CommandLineResult measure(Path run, Path data, String... more) {
    List<String> arguments = new ArrayList<>(List.of("measure-segmenter", "--run", run.toString()));
    arguments.addAll(List.of("--shards", data.toString()));
    arguments.addAll(List.of(more));
    return CommandLineResult.of(arguments.toArray(String[]::new));
  }

  @Test
  void scansGiveATableAndPicturesOfEachStructure() throws IOException {
    Path run = folder.resolve("grown");
    CommandLineResult result = measure(run, shards, "--segmenter", "region-grower");
    assertThat(result.err()).isEmpty();
    assertThat(result.status()).isZero();
    assertThat(result.out()).contains("3-D Dice").contains("liver");
    JsonNode scans = new ObjectMapper().readTree(run.resolve("scans.json").toFile());
    assertThat(scans.path("propagator").asText()).isEqualTo("region-grower");
    assertThat(scans.path("dice").asDouble()).isBetween(0.3, 1.0);
    assertThat(scans.path("structures")).isNotEmpty();
    for (JsonNode structure : scans.path("structures")) {
      assertThat(structure.path("voxels").asInt()).isPositive();
      assertThat(structure.path("key-dice").asDouble()).isBetween(0.0, 1.0);
    }
    List<Path> pictures;
    try (Stream<Path> files = Files.list(run.resolve("overlays"))) {
      pictures = files.filter(file -> file.toString().contains("liver")).toList();
    }
    assertThat(pictures).hasSizeGreaterThanOrEqualTo(2);
    for (Path picture : pictures) {
      BufferedImage image = ImageIO.read(picture.toFile());
      assertThat(image.getWidth()).isEqualTo(image.getHeight()).isGreaterThanOrEqualTo(384);
      assertThat(pixels(image))
          .as("the border of the true mask")
          .anyMatch(MeasureSegmenterCommandTest::green);
    }
  }

  private static List<Integer> pixels(BufferedImage image) {
    List<Integer> pixels = new ArrayList<>();
    for (int row = 0; row < image.getHeight(); row++) {
      for (int column = 0; column < image.getWidth(); column++) {
        pixels.add(image.getRGB(column, row));
      }
    }
    return pixels;
  }

  private static boolean green(int rgb) {
    return (rgb & 0xffff) == 0xff00;
  }

  @Test
  void theConfiguredPropagatorIsMeasured() throws IOException {
    Path run = folder.resolve("configured");
    CommandLineResult result =
        measure(
            run,
            shards,
            "--segmenter",
            "config",
            "--set",
            "propagator.type=medsam2",
            "--set",
            "propagator.checkpoint=bundle");
    assertThat(result.err()).isEmpty();
    JsonNode scans = new ObjectMapper().readTree(run.resolve("scans.json").toFile());
    assertThat(scans.path("propagator").asText()).isEqualTo("medsam2");
    assertThat(scans.path("dice").asDouble()).isGreaterThan(0.3);
  }

  @Test
  void missingShardsAreOneSentenceAndStatusTwo() {
    CommandLineResult result = measure(folder.resolve("none"), folder.resolve("nowhere"));
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.err()).contains("nowhere");
  }
}
