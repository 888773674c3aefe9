package io.medvol.model.sam2;

import ai.djl.ndarray.NDArray;
import io.medvol.model.tensor.Ops;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Lets the features of a slice attend to what is remembered of others. Rotary position applies to
 * remembered places, each memory turned alike, and not to object pointers.
 */
final class MemoryAttention {
  private static final String NAME = "memory_attention.";
  private static final double POSITION_WEIGHT = 0.1;
  private static final double NORM_EPSILON = 1e-5;
  private static final int HEADS = 1;
  private static final BiConsumer<String, NDArray> UNWATCHED = (name, value) -> {};

  /**
   * What is remembered.
   *
   * @param values {@code [track][token][memory width]}: the places of each memory, then pointers
   * @param positions the same shape, or one track for all
   * @param pointerTokens how many of the last tokens are pointers
   */
  record Memory(NDArray values, NDArray positions, int pointerTokens) {}

  private final List<List<NDArray>> layers = new ArrayList<>();
  private final Sam2Weights weights;
  private final NDArray slicePositions;
  private final NDArray turns;

  /**
   * @param slicePositions sine encoding of the map, {@code [1][place][width]}
   * @param turns rotations of its places, {@code [place][pair][2]}
   */
  MemoryAttention(Sam2Config config, Sam2Weights weights, NDArray slicePositions, NDArray turns) {
    this.weights = weights;
    this.slicePositions = slicePositions;
    this.turns = turns;
    for (int layer = 0; layer < config.memoryAttention().layers(); layer++) {
      String prefix = NAME + "layers." + layer + ".";
      List<NDArray> own = weights.attention(prefix + "self_attn");
      own.addAll(weights.attention(prefix + "cross_attn_image"));
      own.addAll(weights.pairs(prefix, "linear1", "linear2", "norm1", "norm2", "norm3"));
      layers.add(own);
    }
  }

  /**
   * What a slice is before anything is remembered: the first layer's attention of the slice to
   * itself. It is the same for every track that visits the slice.
   *
   * @param slices features as sequences, {@code [slice][place][width]}
   * @return the same shape
   */
  NDArray begin(NDArray slices, Ops ops) {
    return attendToItself(ops.add(slices, ops.affine(slicePositions, POSITION_WEIGHT, 0)), 0, ops);
  }

  /**
   * Lets slices that have begun attend to what is remembered.
   *
   * @param begun {@code [track][place][width]} of {@link #begin}
   * @return the same shape
   */
  NDArray recall(NDArray begun, Memory memory, Ops ops) {
    return recall(begun, memory, ops, UNWATCHED);
  }

  private NDArray recall(
      NDArray begun, Memory memory, Ops ops, BiConsumer<String, NDArray> watcher) {
    NDArray keys = ops.add(memory.values(), memory.positions());
    NDArray x = begun;
    for (int layer = 0; layer < layers.size(); layer++) {
      x = layer == 0 ? x : attendToItself(x, layer, ops);
      x =
          ops.call(
              "sam_memory_recall",
              x,
              keys,
              memory.values(),
              layers.get(layer),
              turns,
              memory.pointerTokens(),
              HEADS);
      watcher.accept("layer." + layer, x);
    }
    return normalised(x, ops);
  }

  /**
   * The same in the memory given, for inference. The scores of one slice against its memories fill
   * more than the caches at full size, so that the time goes into fresh pages; and as the weights
   * of attention add up to 1, memories can be averaged before they are projected, which is a
   * quarter of the work.
   *
   * @param scores float32 of any size from {@code memory tokens} on; overwritten
   */
  NDArray recallWithin(NDArray scores, NDArray begun, Memory memory, Ops ops) {
    NDArray keys = ops.add(memory.values(), memory.positions());
    NDArray x = begun;
    for (int layer = 0; layer < layers.size(); layer++) {
      x = layer == 0 ? x : attendToItself(x, layer, ops);
      x =
          ops.call(
              "sam_memory_recall_blocked",
              x,
              keys,
              memory.values(),
              layers.get(layer),
              turns,
              memory.pointerTokens(),
              scores);
    }
    return normalised(x, ops);
  }

  /**
   * @param slices features as sequences, {@code [track][place][width]}
   * @return the same shape
   */
  NDArray attend(NDArray slices, Memory memory, Ops ops) {
    return recall(begin(slices, ops), memory, ops);
  }

  NDArray attend(NDArray slices, Memory memory, Ops ops, BiConsumer<String, NDArray> watcher) {
    return recall(begin(slices, ops), memory, ops, watcher);
  }

  private NDArray attendToItself(NDArray x, int layer, Ops ops) {
    return ops.call("sam_memory_self", x, layers.get(layer), turns, HEADS);
  }

  private NDArray normalised(NDArray x, Ops ops) {
    return ops.layerNorm(
        x, weights.get(NAME + "norm.weight"), weights.get(NAME + "norm.bias"), NORM_EPSILON);
  }
}
