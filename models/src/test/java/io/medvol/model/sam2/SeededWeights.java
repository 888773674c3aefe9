package io.medvol.model.sam2;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import io.medvol.model.tensor.TensorScope;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Weights that follow from their names: FNV-1a seeds a splitmix64 stream for each tensor. */
final class SeededWeights {
  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private SeededWeights() {}

  static Map<String, NDArray> build(JsonNode manifest, TensorScope scope) {
    long seed = manifest.get("seed").asLong();
    Map<String, NDArray> tensors = new LinkedHashMap<>();
    for (JsonNode entry : manifest.get("tensors")) {
      String name = entry.get("name").asText();
      long[] shape = new long[entry.get("shape").size()];
      int count = 1;
      for (int axis = 0; axis < shape.length; axis++) {
        shape[axis] = entry.get("shape").get(axis).asLong();
        count = Math.multiplyExact(count, (int) shape[axis]);
      }
      double centre = entry.get("centre").asDouble();
      double halfWidth = entry.get("half_width").asDouble();
      tensors.put(name, scope.floats(values(seed, name, count, centre, halfWidth), shape));
    }
    return tensors;
  }

  private static float[] values(
      long seed, String name, int count, double centre, double halfWidth) {
    long state = fnv1a(name) ^ seed;
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      state += GAMMA;
      long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
      z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
      z ^= z >>> 31;
      double u = (z >>> 40) * 0x1p-24;
      values[i] = (float) (centre + halfWidth * (2 * u - 1));
    }
    return values;
  }

  private static long fnv1a(String name) {
    long hash = 0xCBF29CE484222325L;
    for (byte letter : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (letter & 0xff)) * 0x100000001B3L;
    }
    return hash;
  }
}
