package io.medvol.model.qwen;

import ai.djl.ndarray.NDArray;
import io.medvol.model.tensor.GradientMode;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.Tensors;
import io.medvol.model.tensor.TorchRuntime;
import java.util.Arrays;

/**
 * Extends a prompt by a group of completions: one pass over the prompt, then one token at a time
 * for all of them that are not finished. The arithmetic of a completion then depends on how many
 * others go on, but only in its last bits; the random number of a draw does not depend on them.
 */
final class GroupDecoder {
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
        if (mask == null || live.length < before.length) {
          next = rows(next, before, live);
          mask = replace(mask, network.groupMask(scope, cache, live, maxTokens - position));
          before = live;
        }
        try (TensorScope step = scope.child()) {
          NDArray logits =
              network
                  .decoder()
                  .step(
                      step.ops(),
                      weights,
                      step.indices(next),
                      rotation,
                      position - 1,
                      mask,
                      cache,
                      live);
          next = chooser.choose(position, Tensors.floats(logits));
        }
      }
    }
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
