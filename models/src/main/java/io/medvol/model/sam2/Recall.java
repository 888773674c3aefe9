package io.medvol.model.sam2;

import ai.djl.ndarray.NDArray;
import io.medvol.model.tensor.DType;
import io.medvol.model.tensor.Ops;
import io.medvol.model.tensor.TensorScope;

/**
 * Chooses how slices attend to what is remembered: all tracks in one call where their scores are
 * few, track by track in memory that stays where they are many. In bfloat16 scores must not be
 * rounded, which only the fused attention spares. Not for several threads at once.
 */
final class Recall {
  /** Scores of one slice against its memories from which on they are many. */
  private static final long MANY = 1 << 19;

  /** Rows of scores computed together, about as many as pay. */
  private static final int ROWS = 512;

  private final MemoryAttention attention;
  private final NDArray scores;
  private final int places;

  /**
   * @param constants for memory to compute in
   */
  Recall(Sam2Model model, TensorScope constants) {
    Sam2Config config = model.config();
    this.attention = model.memoryAttention();
    this.places = config.grid() * config.grid();
    int split = config.width() / config.memoryEncoder().width();
    long tokens =
        (long) config.tracking().memories() * places + (long) config.tracking().pointers() * split;
    this.scores =
        places * tokens < MANY || model.type() != DType.F32
            ? null
            : constants.ops().empty(DType.F32, Math.min(ROWS, places) * tokens);
  }

  /**
   * @param begun {@code [track][place][width]} of {@link MemoryAttention#begin}
   * @return the same shape
   */
  NDArray of(NDArray begun, MemoryAttention.Memory memory, Ops ops) {
    long tokens = memory.values().getShape().get(1);
    boolean fits = scores != null && tokens <= scores.size();
    return fits && places * tokens >= MANY
        ? attention.recallWithin(scores, begun, memory, ops)
        : attention.recall(begun, memory, ops);
  }
}
