package io.medvol.model.qwen;

import ai.djl.ndarray.NDArray;
import io.medvol.model.tensor.GradientMode;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.Tensors;
import io.medvol.model.tensor.TorchRuntime;

/**
 * Extends a prompt by a group of completions: one pass over the prompt, then one token for all of
 * them at a time. A finished completion keeps its place in the batch, so that the arithmetic of the
 * others does not depend on when it finished.
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
     * @param logits {@code [completion][token id]}, row-major; may be overwritten
     * @return the next id of each completion; of a finished one any id
     */
    int[] choose(int position, float[] logits);

    boolean finished();
  }

  /** Asks the chooser for tokens until it is finished or the limit is reached. */
  void decode(Prompt prompt, int group, int maxTokens, TokenChooser chooser) {
    QwenConfig.Text text = network.config().text();
    try (TensorScope scope = runtime.compute(GradientMode.NONE)) {
      KvCache cache =
          new KvCache(scope, text, network.compute(), prompt.length(), group, maxTokens);
      int[] next = chooser.choose(0, prefill(scope, prompt, group, cache));
      RotaryTable.Rotation rotation =
          RotaryTable.ofText(text, prompt.positions().next(), maxTokens).in(scope);
      Decoder.StepWeights weights = network.decoder().stepWeights(scope.ops(), group);
      NDArray mask = network.groupMask(scope, prompt.length(), group, maxTokens);
      for (int position = 1; position < maxTokens && !chooser.finished(); position++) {
        try (TensorScope step = scope.child()) {
          NDArray logits =
              network
                  .decoder()
                  .step(step.ops(), weights, step.indices(next), rotation, mask, cache);
          next = chooser.choose(position, Tensors.floats(logits));
        }
      }
    }
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
