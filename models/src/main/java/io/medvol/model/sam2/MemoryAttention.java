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
   * @param slices features as sequences, {@code [track][place][width]}
   * @return the same shape
   */
  NDArray attend(NDArray slices, Memory memory, Ops ops) {
    return attend(slices, memory, ops, UNWATCHED);
  }

  NDArray attend(NDArray slices, Memory memory, Ops ops, BiConsumer<String, NDArray> watcher) {
    NDArray x = ops.add(slices, ops.affine(slicePositions, POSITION_WEIGHT, 0));
    NDArray keys = ops.add(memory.values(), memory.positions());
    for (int layer = 0; layer < layers.size(); layer++) {
      x =
          ops.call(
              "sam_memory_layer",
              x,
              keys,
              memory.values(),
              layers.get(layer),
              turns,
              memory.pointerTokens(),
              HEADS);
      watcher.accept("layer." + layer, x);
    }
    return ops.layerNorm(
        x, weights.get(NAME + "norm.weight"), weights.get(NAME + "norm.bias"), NORM_EPSILON);
  }
}
