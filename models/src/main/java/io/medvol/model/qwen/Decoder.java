package io.medvol.model.qwen;

import ai.djl.ndarray.NDArray;
import io.medvol.model.tensor.DType;
import io.medvol.model.tensor.Ops;
import io.medvol.model.tensor.PackedProducts;
import io.medvol.model.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The language model: pre-norm layers with grouped-query attention, in Qwen3-VL normalised query
 * and key heads, rotary positions and a gated MLP. It works on one row of tokens whose head is a
 * prompt, seen causally; a mask says what the tokens behind it see.
 */
final class Decoder {
  /** Layers up to this size are copied for a group; larger ones would double a large model. */
  private static final long PACKED_BYTES = 512L << 20;

  /** From so many rows on the copies are faster. */
  private static final int PACKED_GROUP = 4;

  /** The matrices of a layer among its tensors. */
  private static final Set<Integer> MATRICES = Set.of(2, 7, 12, 19, 24, 29, 34);

  private final QwenConfig.Text config;
  private final NDArray none;
  private final NDArray embeddings;
  private final List<List<NDArray>> layers = new ArrayList<>();
  private final List<NDArray> allLayers = new ArrayList<>();
  private final NDArray norm;
  private final NDArray head;

  /**
   * @param headName of the output head; null where the token embeddings serve
   */
  Decoder(QwenConfig.Text config, Weights weights, String prefix, String headName) {
    this.config = config;
    none = weights.none();
    embeddings = weights.load(prefix + "embed_tokens.weight", config.vocabulary(), config.hidden());
    for (int i = 0; i < config.layers(); i++) {
      layers.add(layer(weights, prefix + "layers." + i + "."));
    }
    layers.forEach(allLayers::addAll);
    norm = weights.load(prefix + "norm.weight", config.hidden());
    head =
        headName == null
            ? embeddings
            : weights.load(headName, config.vocabulary(), config.hidden());
  }

  /** In the order that {@code decoder_layer} takes them. */
  private List<NDArray> layer(Weights weights, String name) {
    long hidden = config.hidden();
    long inner = config.intermediate();
    long queries = (long) config.heads() * config.headDim();
    long keys = (long) config.keyValueHeads() * config.headDim();
    QwenConfig.Attention parts = config.attention();
    String attention = name + "self_attn.";
    List<NDArray> layer = new ArrayList<>();
    layer.add(weights.load(name + "input_layernorm.weight", hidden));
    layer.add(weights.load(name + "post_attention_layernorm.weight", hidden));
    layer.addAll(weights.projection(attention + "q_proj", queries, hidden, parts.inputBias()));
    layer.addAll(weights.projection(attention + "k_proj", keys, hidden, parts.inputBias()));
    layer.addAll(weights.projection(attention + "v_proj", keys, hidden, parts.inputBias()));
    for (String norm : List.of("q_norm.weight", "k_norm.weight")) {
      layer.add(
          parts.headNorm() ? weights.load(attention + norm, config.headDim()) : weights.none());
    }
    layer.addAll(weights.projection(attention + "o_proj", hidden, queries, parts.outputBias()));
    layer.addAll(weights.projection(name + "mlp.gate_proj", inner, hidden, false));
    layer.addAll(weights.projection(name + "mlp.up_proj", inner, hidden, false));
    layer.addAll(weights.projection(name + "mlp.down_proj", hidden, inner, false));
    return layer;
  }

  /**
   * Layers and output head laid out for products with a few rows, which the ordinary layout makes
   * slow. Only for decoding: weights that change later are not seen, nothing is differentiated.
   *
   * @param packed the order of {@code decoder_layer}, all layers in turn
   * @param head as {@code project} takes it
   */
  record StepWeights(List<NDArray> packed, List<NDArray> head) {}

  /** The weights of steps of so many rows, as copies where that pays. */
  StepWeights stepWeights(Ops ops, int group) {
    long bytes = allLayers.stream().mapToLong(NDArray::size).sum() * Float.BYTES;
    if (group < PACKED_GROUP || bytes > PACKED_BYTES || !PackedProducts.areRight()) {
      return new StepWeights(allLayers, outputs());
    }
    List<NDArray> packed = new ArrayList<>();
    for (List<NDArray> layer : layers) {
      List<NDArray> copy = new ArrayList<>(layer);
      MATRICES.forEach(at -> pack(ops, copy, at));
      packed.addAll(copy);
    }
    List<NDArray> outputs = new ArrayList<>(outputs());
    pack(ops, outputs, 0);
    return new StepWeights(packed, outputs);
  }

  /** Replaces a matrix and its bias, which is always there behind a packed matrix. */
  private static void pack(Ops ops, List<NDArray> tensors, int at) {
    NDArray matrix = tensors.get(at);
    NDArray bias = tensors.get(at + 1);
    tensors.set(at, ops.call("pack", matrix));
    if (bias.isEmpty()) {
      tensors.set(at + 1, ops.zeros(DType.F32, matrix.getShape().get(0)));
    }
  }

  NDArray embed(Ops ops, NDArray ids) {
    return ops.embedding(embeddings, ids);
  }

  int layers() {
    return layers.size();
  }

  /**
   * One layer over a row of tokens.
   *
   * @param x {@code [token][hidden]}
   * @param masks one for each block of tokens behind the prompt: what is added to the scores,
   *     {@code [token][key]}, the keys being those of the prompt and of the block
   * @param prompt how many tokens at the head of the row see each other causally
   */
  NDArray layer(
      Ops ops,
      int index,
      NDArray x,
      RotaryTable.Rotation rotation,
      List<NDArray> masks,
      int prompt) {
    return layer(ops, index, x, rotation, masks, List.of(), prompt);
  }

  /** One layer over a prompt, whose keys and values go into the cache. */
  NDArray prefillLayer(
      Ops ops, int index, NDArray x, RotaryTable.Rotation rotation, KvCache cache) {
    int prompt = Math.toIntExact(x.getShape().get(0));
    return layer(ops, index, x, rotation, List.of(), cache.layer(index), prompt);
  }

  private NDArray layer(
      Ops ops,
      int index,
      NDArray x,
      RotaryTable.Rotation rotation,
      List<NDArray> masks,
      List<NDArray> cache,
      int prompt) {
    return ops.call(
        "decoder_layer",
        x,
        layers.get(index),
        rotation.cos(),
        rotation.sin(),
        masks,
        cache,
        none,
        prompt,
        prompt,
        config.heads(),
        config.keyValueHeads(),
        config.normEps());
  }

  /**
   * One token for each of some completions of a group.
   *
   * @param ids of the completions' latest tokens; further rows are computed and not kept
   * @param rotation of all steps
   * @param step whose row of the rotation is used
   * @param mask {@code [shared head x row][key]}
   * @param cache makes room for the step
   * @param completions that the ids are of
   * @return logits {@code [row][token id]}, belonging to the scope
   */
  NDArray step(
      TensorScope scope,
      StepWeights weights,
      int[] ids,
      RotaryTable.Rotation rotation,
      int step,
      NDArray mask,
      KvCache cache,
      int[] completions) {
    Ops ops = scope.ops();
    cache.step();
    return ops.call(
        "decode_step",
        scope.indices(ids),
        embeddings,
        weights.packed(),
        norm,
        weights.head(),
        ops.narrow(rotation.cos(), 0, step, 1),
        ops.narrow(rotation.sin(), 0, step, 1),
        mask,
        cache.all(),
        scope.indices(cache.latest(completions)),
        cache.columns(),
        config.heads(),
        config.keyValueHeads(),
        config.normEps());
  }

  NDArray finalNorm(Ops ops, NDArray x) {
    return ops.call("norm", x, norm, none, config.normEps());
  }

  /** The output head as {@code project} takes it. */
  List<NDArray> outputs() {
    return List.of(head, none, none, none, none);
  }

  /** The output head {@code [token id][hidden]}. */
  NDArray head() {
    return head;
  }
}
