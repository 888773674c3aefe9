package io.medvol.model.sam2;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import io.medvol.model.tensor.Ops;
import io.medvol.model.tensor.Tensors;
import io.medvol.testing.Golden;
import io.medvol.testing.GoldenTensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Finds the SAM 2 models of the golden set and compares tensors with theirs. */
final class GoldenSam2 {
  /** Suggested limits: absolute difference for values up to 1, relative to the largest beyond. */
  static final double STAGE_LIMIT = 2e-5;

  static final double MEMORY_ATTENTION_LIMIT = 1e-4;

  private GoldenSam2() {}

  /** Folders of models with all their reference values. */
  static List<Path> models() {
    try (Stream<Path> folders = Files.list(Golden.root())) {
      List<Path> models =
          folders
              .filter(folder -> Files.exists(folder.resolve("config.json")))
              .filter(
                  folder ->
                      Golden.json(folder.resolve("config.json"))
                          .path("_target_")
                          .asText()
                          .endsWith("SAM2Base"))
              .sorted()
              .toList();
      if (Golden.isBundled()) {
        assertThat(models).as("SAM 2 models in " + Golden.root()).isNotEmpty();
      }
      return models;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Sam2Config config(Path model) {
    return Sam2ConfigReader.read(model.resolve("config.json"));
  }

  static JsonNode index(Path model) {
    return Golden.json(model.resolve("index.json"));
  }

  /** Compares values in row-major order; shapes may differ by axes of length 1. */
  static void assertClose(
      String name, NDArray tensor, GoldenTensors golden, double limit, Ops ops) {
    long[] expectedShape = withoutOnes(golden.shape(name));
    assertThat(withoutOnes(tensor.getShape().getShape())).as(name).isEqualTo(expectedShape);
    assertClose(name, Tensors.floats(ops.contiguous(tensor)), golden.floats(name), limit);
  }

  static void assertClose(String name, float[] actual, float[] expected, double limit) {
    assertThat(actual.length).as(name).isEqualTo(expected.length);
    double largest = 1;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    double furthest = 0;
    int place = 0;
    for (int i = 0; i < expected.length; i++) {
      double distance = Math.abs((double) actual[i] - expected[i]);
      if (!(distance <= furthest)) {
        furthest = distance;
        place = i;
      }
    }
    assertThat(furthest)
        .as("%s: largest difference, at element %d", name, place)
        .isLessThanOrEqualTo(limit * largest);
  }

  private static long[] withoutOnes(long[] shape) {
    return Arrays.stream(shape).filter(size -> size != 1).toArray();
  }
}
