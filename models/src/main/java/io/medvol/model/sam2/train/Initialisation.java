package io.medvol.model.sam2.train;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Initial weights as PyTorch and SAM 2 draw them, with two departures for training from scratch.
 * The Fourier features of places are half as fine, so that the decoder can read boxes from the
 * start. The memory's cross-attention begins by looking at the same place of the memory: its query
 * and key biases are a constant on the fastest rotary pairs of both axes. Each weight has a stream
 * of its own, so that its values do not depend on the others.
 */
final class Initialisation {
  private static final double FOURIER_SCALE = 0.5;
  private static final double ALIGNMENT = 4.8;
  private static final int ALIGNED_PAIRS = 4;
  private static final double LAYER_SCALE = 1e-6;
  private static final double SMALL = 0.02;
  private static final double SCORE_BIAS = 1;

  private final long seed;

  Initialisation(long seed) {
    this.seed = seed;
  }

  Map<String, float[]> all(Map<String, List<Long>> shapes) {
    Map<String, float[]> values = new TreeMap<>();
    shapes.forEach((name, shape) -> values.put(name, of(name, shapes)));
    return values;
  }

  private float[] of(String name, Map<String, List<Long>> shapes) {
    List<Long> shape = shapes.get(name);
    int size = Math.toIntExact(shape.stream().reduce(1L, Math::multiplyExact));
    if (name.endsWith("gaussian_matrix")) {
      return normal(name, size, FOURIER_SCALE);
    }
    if (name.endsWith("gamma")) {
      return constant(size, LAYER_SCALE);
    }
    if (isNorm(name, shapes)) {
      return constant(size, name.endsWith("weight") ? 1 : 0);
    }
    if (name.contains("cross_attn_image.") && isQueryOrKeyBias(name)) {
      return aligned(size);
    }
    if (name.equals("sam_mask_decoder.pred_obj_score_head.layers.2.bias")) {
      return constant(size, SCORE_BIAS);
    }
    if (name.matches("sam_.*(_tokens?|_embed|point_embeddings\\.[0-9])\\.weight")) {
      return normal(name, size, 1);
    }
    if (!name.endsWith(".weight") && !name.endsWith(".bias")) {
      return normal(name, size, SMALL);
    }
    return uniform(name, size, 1 / Math.sqrt(fanIn(name, shapes)));
  }

  private static boolean isNorm(String name, Map<String, List<Long>> shapes) {
    List<Long> weight = shapes.get(name.substring(0, name.lastIndexOf('.') + 1) + "weight");
    return weight != null && weight.size() == 1;
  }

  private static boolean isQueryOrKeyBias(String name) {
    return name.endsWith("q_proj.bias") || name.endsWith("k_proj.bias");
  }

  /** Inputs of one output; a transposed convolution counts its outputs, as PyTorch does. */
  private static double fanIn(String name, Map<String, List<Long>> shapes) {
    List<Long> weight = shapes.get(name.substring(0, name.lastIndexOf('.') + 1) + "weight");
    return weight.stream().skip(1).reduce(1L, Math::multiplyExact);
  }

  /** A vector whose rotations by two places agree most where the places are the same. */
  private float[] aligned(int size) {
    float[] values = new float[size];
    int pairs = size / 4;
    for (int i = 0; i < Math.min(ALIGNED_PAIRS, pairs); i++) {
      values[2 * i] = (float) ALIGNMENT;
      values[2 * (pairs + i)] = (float) ALIGNMENT;
    }
    return values;
  }

  private static float[] constant(int size, double value) {
    float[] values = new float[size];
    Arrays.fill(values, (float) value);
    return values;
  }

  private float[] uniform(String name, int size, double bound) {
    SplittableRandom random = random(name);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (bound * (2 * random.nextDouble() - 1));
    }
    return values;
  }

  private float[] normal(String name, int size, double deviation) {
    SplittableRandom random = random(name);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
      values[i] = (float) (deviation * radius * StrictMath.cos(2 * Math.PI * random.nextDouble()));
    }
    return values;
  }

  private SplittableRandom random(String name) {
    return new SplittableRandom(seed * 0x9E3779B97F4A7C15L ^ name.hashCode() * 0xC2B2AE3D27D4EB4FL);
  }
}
