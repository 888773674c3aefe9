package io.medvol.model.qwen;

import ai.djl.ndarray.NDArray;
import io.medvol.model.tensor.DType;
import io.medvol.model.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys and values of a prompt, held once, and behind them those of a group's completions: for each
 * step one column of every completion that takes it. Grows with the steps; belongs to the scope
 * given.
 */
final class KvCache {
  private static final int FIRST_STEPS = 32;

  private final TensorScope scope;
  private final QwenConfig.Text config;
  private final DType type;
  private final int prompt;
  private final int limit;
  private final List<NDArray> tensors = new ArrayList<>();

  /** Which completion each column behind the prompt belongs to. */
  private final List<Integer> owners = new ArrayList<>();

  private int capacity;

  KvCache(
      TensorScope scope, QwenConfig.Text config, DType type, int prompt, int group, int maxSteps) {
    this.scope = scope;
    this.config = config;
    this.type = type;
    this.prompt = prompt;
    this.limit = Math.multiplyExact(group, maxSteps);
    this.capacity = Math.min(group * FIRST_STEPS, limit);
    for (int i = 0; i < 2 * config.layers(); i++) {
      tensors.add(allocate());
    }
  }

  private NDArray allocate() {
    return scope
        .ops()
        .empty(type, 1, config.keyValueHeads(), (long) prompt + capacity, config.headDim());
  }

  /** Makes room for one more column of each completion given and tells where they begin. */
  int append(int[] completions) {
    int start = columns();
    if (owners.size() + completions.length > capacity) {
      grow(start);
    }
    for (int completion : completions) {
      owners.add(completion);
    }
    return start;
  }

  private void grow(int used) {
    capacity = (int) Math.min(2L * capacity, limit);
    for (int i = 0; i < tensors.size(); i++) {
      NDArray larger = allocate();
      try (TensorScope views = scope.child()) {
        views
            .ops()
            .copyInto(
                views.ops().narrow(larger, 2, 0, used),
                views.ops().narrow(tensors.get(i), 2, 0, used));
      }
      tensors.set(i, larger).close();
    }
  }

  /** Columns in use, those of the prompt among them. */
  int columns() {
    return prompt + owners.size();
  }

  int prompt() {
    return prompt;
  }

  /** The completion that a column behind the prompt belongs to. */
  int owner(int column) {
    return owners.get(column - prompt);
  }

  /** Keys and values of one layer. */
  List<NDArray> layer(int index) {
    return tensors.subList(2 * index, 2 * index + 2);
  }

  /** Keys and values of all layers in turn. */
  List<NDArray> all() {
    return tensors;
  }
}
