package io.medvol.model.tiny;

import io.medvol.model.weights.SafetensorsWriter.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Random weights of a tiny Qwen3-VL or Qwen2-VL under the hub's names. Matrices are normal with
 * variance 1 / fan-in, those that end a residual branch smaller by the square root of twice the
 * number of layers. Embeddings of a Qwen3-VL are about as large as what a branch adds to them, so
 * that a token is still known in the second layer and can be copied; its numbers begin in their
 * order ({@link NumberEmbeddings}). The gains of query and key norms are 2: with 1 the attention of
 * a narrow head cannot become sharp. Each tensor draws from a generator of its own, keyed by seed
 * and name.
 */
final class TinyWeights {
  private static final double EMBEDDING_STD = 0.3;
  private static final double QWEN2_EMBEDDING_STD = 0.05;
  private static final double POSITION_STD = 0.2;
  private static final float QUERY_KEY_GAIN = 2;
  private static final int CHANNELS = 3;
  private static final int FRAMES = 2;

  private final TinyPolicyConfig config;
  private final boolean qwen2;
  private final String vision;
  private final String language;
  private final List<Tensor> tensors = new ArrayList<>();
  private Map<Integer, float[]> numbers = Map.of();

  private TinyWeights(TinyPolicyConfig config, boolean qwen2) {
    this.config = config;
    this.qwen2 = qwen2;
    this.vision = qwen2 ? "visual." : "model.visual.";
    this.language = qwen2 ? "model." : "model.language_model.";
  }

  static List<Tensor> draw(TinyPolicyConfig config, TinyVocabulary vocabulary) {
    TinyWeights weights = new TinyWeights(config, false);
    weights.numbers = NumberEmbeddings.draw(vocabulary, config.hiddenSize(), config.seed());
    return draw(weights, vocabulary.size());
  }

  static List<Tensor> drawQwen2(TinyPolicyConfig config, int vocabularySize) {
    return draw(new TinyWeights(config, true), vocabularySize);
  }

  private static List<Tensor> draw(TinyWeights weights, int vocabularySize) {
    weights.language(vocabularySize);
    weights.vision();
    return weights.tensors;
  }

  private void language(int vocabularySize) {
    int width = config.hiddenSize();
    int queries = config.heads() * config.headDim();
    int keys = config.keyValueHeads() * config.headDim();
    double residual = 1 / Math.sqrt(2.0 * config.layers());
    embeddings(language + "embed_tokens.weight", vocabularySize, width);
    for (int layer = 0; layer < config.layers(); layer++) {
      String at = language + "layers." + layer + ".";
      constant(at + "input_layernorm.weight", 1, width);
      matrix(at + "self_attn.q_proj.weight", 1, queries, width);
      matrix(at + "self_attn.k_proj.weight", 1, keys, width);
      matrix(at + "self_attn.v_proj.weight", 1, keys, width);
      matrix(at + "self_attn.o_proj.weight", residual, width, queries);
      if (qwen2) {
        constant(at + "self_attn.q_proj.bias", 0, queries);
        constant(at + "self_attn.k_proj.bias", 0, keys);
        constant(at + "self_attn.v_proj.bias", 0, keys);
      } else {
        constant(at + "self_attn.q_norm.weight", QUERY_KEY_GAIN, config.headDim());
        constant(at + "self_attn.k_norm.weight", QUERY_KEY_GAIN, config.headDim());
      }
      constant(at + "post_attention_layernorm.weight", 1, width);
      matrix(at + "mlp.gate_proj.weight", 1, config.intermediateSize(), width);
      matrix(at + "mlp.up_proj.weight", 1, config.intermediateSize(), width);
      matrix(at + "mlp.down_proj.weight", residual, width, config.intermediateSize());
    }
    constant(language + "norm.weight", 1, width);
  }

  private void embeddings(String name, int vocabularySize, int width) {
    double std = qwen2 ? QWEN2_EMBEDDING_STD : EMBEDDING_STD;
    float[] values = drawn(name, std, vocabularySize * width);
    numbers.forEach(
        (token, row) -> {
          for (int i = 0; i < width; i++) {
            values[token * width + i] = (float) (row[i] * std);
          }
        });
    add(name, values, vocabularySize, width);
  }

  private void vision() {
    int width = config.visionWidth();
    int side = config.patchSize();
    double residual = 1 / Math.sqrt(2.0 * config.visionBlocks());
    double patchStd = 1 / Math.sqrt((double) CHANNELS * FRAMES * side * side);
    normal(vision + "patch_embed.proj.weight", patchStd, width, CHANNELS, FRAMES, side, side);
    if (!qwen2) {
      constant(vision + "patch_embed.proj.bias", 0, width);
      int positions = config.patchesPerSide() * config.patchesPerSide();
      normal(vision + "pos_embed.weight", POSITION_STD, positions, width);
    }
    String first = qwen2 ? "mlp.fc1" : "mlp.linear_fc1";
    String second = qwen2 ? "mlp.fc2" : "mlp.linear_fc2";
    for (int block = 0; block < config.visionBlocks(); block++) {
      String at = vision + "blocks." + block + ".";
      norm(at + "norm1", width);
      linear(at + "attn.qkv", 1, 3 * width, width);
      linear(at + "attn.proj", residual, width, width);
      norm(at + "norm2", width);
      linear(at + first, 1, config.visionIntermediateSize(), width);
      linear(at + second, residual, width, config.visionIntermediateSize());
    }
    int merged = width * TinyPolicyConfig.MERGE_SIZE * TinyPolicyConfig.MERGE_SIZE;
    if (qwen2) {
      norm(vision + "merger.ln_q", width);
      linear(vision + "merger.mlp.0", 1, merged, merged);
      linear(vision + "merger.mlp.2", 1, config.hiddenSize(), merged);
    } else {
      merger(vision + "merger.", width, merged);
      merger(vision + "deepstack_merger_list.0.", merged, merged);
    }
  }

  /** The DeepStack merger normalises the merged patches together, the main one each patch. */
  private void merger(String at, int normalised, int merged) {
    norm(at + "norm", normalised);
    linear(at + "linear_fc1", 1, merged, merged);
    linear(at + "linear_fc2", 1, config.hiddenSize(), merged);
  }

  private void norm(String at, int width) {
    constant(at + ".weight", 1, width);
    constant(at + ".bias", 0, width);
  }

  private void linear(String at, double scale, int out, int in) {
    matrix(at + ".weight", scale, out, in);
    constant(at + ".bias", 0, out);
  }

  private void matrix(String name, double scale, int out, int in) {
    normal(name, scale / Math.sqrt(in), out, in);
  }

  private void normal(String name, double std, int... shape) {
    add(name, drawn(name, std, Arrays.stream(shape).reduce(1, Math::multiplyExact)), shape);
  }

  private float[] drawn(String name, double std, int count) {
    Random random = new Random(config.seed() * 0x9E3779B97F4A7C15L + name.hashCode());
    float[] values = new float[count];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * std);
    }
    return values;
  }

  private void constant(String name, float value, int length) {
    float[] values = new float[length];
    Arrays.fill(values, value);
    add(name, values, length);
  }

  private void add(String name, float[] values, int... shape) {
    tensors.add(
        Tensor.floats(
            name, Arrays.stream(shape).mapToObj(size -> (long) size).toList(), values, 0));
  }
}
