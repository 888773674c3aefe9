package io.medvol.model.qwen;

import ai.djl.ndarray.NDArray;
import io.medvol.model.tensor.GradientMode;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.Tensors;
import io.medvol.model.tensor.TorchRuntime;
import java.util.Arrays;

/**
 * Extends a prompt by a group of completions: one pass over the prompt, then one token at a time
 * for all of them that are not finished. What is computed for a completion does not depend on the
 * others of its group: it has columns of its own in the cache, and from {@link #FEWEST_ROWS} rows
 * on the libraries compute each row of a product as if it were alone. The size of the group may
 * change the last bits.
 */
final class GroupDecoder {
  /** With fewer rows MKL takes other kernels, which add in another order. */
  static final int FEWEST_ROWS = 4;

  private final TorchRuntime runtime;
  private final QwenNetwork network;

  GroupDecoder(TorchRuntime runtime, QwenNetwork network) {
    this.runtime = runtime;
    this.network = network;
  }

  /** Decides each next token. */
  interface TokenChooser {
    /**
     * @param logits of the completions that go on, {@code [completion][token id]}, row-major; may
     *     be overwritten
     * @return the next id of each of those completions
     */
    int[] choose(int position, float[] logits);

    /** The completions that go on, ascending. */
    int[] unfinished();
  }

  /** Asks the chooser for tokens until it is finished or the limit is reached. */
  void decode(Prompt prompt, int group, int maxTokens, TokenChooser chooser) {
    QwenConfig.Text text = network.config().text();
    try (TensorScope scope = runtime.compute(GradientMode.NONE)) {
      KvCache cache =
          new KvCache(scope, text, network.compute(), prompt.length(), group, maxTokens);
      int[] before = chooser.unfinished();
      int[] next = chooser.choose(0, prefill(scope, prompt, group, cache));
      RotaryTable.Rotation rotation =
          RotaryTable.ofText(text, prompt.positions().next(), maxTokens).in(scope);
      Decoder.StepWeights weights = network.decoder().stepWeights(scope.ops(), group);
      NDArray mask = null;
      for (int position = 1; position < maxTokens; position++) {
        int[] live = chooser.unfinished();
        if (live.length == 0) {
          return;
        }
        int[] rows = padded(live, rows(live.length, group, text.heads() / text.keyValueHeads()));
        if (mask == null || live.length < before.length) {
          next = rows(next, before, live);
          mask = replace(mask, network.groupMask(scope, cache, rows));
          before = live;
        }
        try (TensorScope step = scope.child()) {
          NDArray logits =
              network
                  .decoder()
                  .step(
                      step,
                      weights,
                      padded(next, rows.length),
                      rotation,
                      position - 1,
                      mask,
                      cache,
                      live);
          next =
              chooser.choose(
                  position, Tensors.floats(step.ops().narrow(logits, 0, 0, live.length)));
        }
      }
    }
  }

  /**
   * Rows that are computed for so many completions. Attention works on blocks of a row for each
   * query head that shares a key head; no block may have fewer rows than {@link #FEWEST_ROWS}.
   */
  static int rows(int completions, int group, int shared) {
    if (group == 1) {
      return completions;
    }
    int rows = Math.max(completions, FEWEST_ROWS);
    while (lastBlock(shared * rows) < FEWEST_ROWS) {
      rows++;
    }
    return rows;
  }

  /** Rows of the last block of PyTorch's attention on processors. */
  private static int lastBlock(int rows) {
    int block = rows >= 768 ? 256 : rows >= 192 ? 64 : 32;
    return (rows - 1) % block + 1;
  }

  /** Repeats the last value. */
  private static int[] padded(int[] values, int length) {
    int[] padded = Arrays.copyOf(values, length);
    Arrays.fill(padded, values.length, length, values[values.length - 1]);
    return padded;
  }

  private static NDArray replace(NDArray old, NDArray mask) {
    if (old != null) {
      old.close();
    }
    return mask;
  }

  /** What belongs to some of the completions. */
  private static int[] rows(int[] values, int[] completions, int[] some) {
    return Arrays.stream(some).map(one -> values[Arrays.binarySearch(completions, one)]).toArray();
  }

  /** Logits of the first token, once for each completion. */
  private float[] prefill(TensorScope scope, Prompt prompt, int group, KvCache cache) {
    try (TensorScope pass = scope.child()) {
      float[] row = Tensors.floats(network.prefill(pass, prompt, cache));
      float[] rows = new float[Math.multiplyExact(row.length, group)];
      for (int i = 0; i < group; i++) {
        System.arraycopy(row, 0, rows, i * row.length, row.length);
      }
      return rows;
    }
  }
}
