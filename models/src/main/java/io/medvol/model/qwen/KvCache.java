package io.medvol.model.qwen;

import ai.djl.ndarray.NDArray;
import io.medvol.model.tensor.DType;
import io.medvol.model.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Keys and values of a prompt, held once, and behind them those of a group's completions: one
 * column of each completion for each step, whether it still goes on or not, so that where a
 * completion's columns are does not depend on the others. Grows with the steps; belongs to the
 * scope given.
 */
final class KvCache {
  private static final int FIRST_STEPS = 32;

  private final TensorScope scope;
  private final QwenConfig.Text config;
  private final DType type;
  private final int prompt;
  private final int group;
  private final int maxSteps;
  private final List<NDArray> tensors = new ArrayList<>();
  private int capacity;
  private int steps;

  KvCache(
      TensorScope scope, QwenConfig.Text config, DType type, int prompt, int group, int maxSteps) {
    this.scope = scope;
    this.config = config;
    this.type = type;
    this.prompt = prompt;
    this.group = group;
    this.maxSteps = maxSteps;
    this.capacity = Math.min(FIRST_STEPS, maxSteps);
    Math.addExact(prompt, Math.multiplyExact(group, maxSteps));
    for (int i = 0; i < 2 * config.layers(); i++) {
      tensors.add(allocate());
    }
  }

  /** Columns of completions that ended stay as they are: they must be numbers even if masked. */
  private NDArray allocate() {
    return scope
        .ops()
        .zeros(type, 1, config.keyValueHeads(), prompt + (long) group * capacity, config.headDim());
  }

  /** Makes room for one more step. */
  void step() {
    if (steps == capacity) {
      grow();
    }
    steps++;
  }

  private void grow() {
    int used = columns();
    capacity = (int) Math.min(2L * capacity, maxSteps);
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

  /** Where the latest step of some completions stands. */
  int[] latest(int[] completions) {
    int start = columns() - group;
    return Arrays.stream(completions).map(completion -> start + completion).toArray();
  }

  /** Columns in use, those of the prompt among them. */
  int columns() {
    return prompt + group * steps;
  }

  int prompt() {
    return prompt;
  }

  int group() {
    return group;
  }

  int maxSteps() {
    return maxSteps;
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
