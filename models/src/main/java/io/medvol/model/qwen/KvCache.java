package io.medvol.model.qwen;

import ai.djl.ndarray.NDArray;
import io.medvol.model.tensor.DType;
import io.medvol.model.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys and values of a prompt, held once, and behind them those of a group's completions, one
 * column of the group per step. Grows with the steps; belongs to the scope given.
 */
final class KvCache {
  private static final int FIRST_STEPS = 32;

  private final TensorScope scope;
  private final QwenConfig.Text config;
  private final DType type;
  private final int prompt;
  private final int group;
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
    this.capacity = Math.min(FIRST_STEPS, maxSteps);
    for (int i = 0; i < 2 * config.layers(); i++) {
      tensors.add(allocate());
    }
  }

  private NDArray allocate() {
    long columns = prompt + (long) group * capacity;
    return scope.ops().empty(type, 1, config.keyValueHeads(), columns, config.headDim());
  }

  /** Makes room for one more step and gives its number. */
  int nextStep() {
    if (steps == capacity) {
      long used = prompt + (long) group * capacity;
      capacity *= 2;
      for (int i = 0; i < tensors.size(); i++) {
        NDArray larger = allocate();
        NDArray head = scope.ops().narrow(larger, 2, 0, used);
        scope.ops().copyInto(head, tensors.get(i));
        head.close();
        tensors.set(i, larger).close();
      }
    }
    return steps++;
  }

  /** Where the columns of a step begin. */
  int start(int step) {
    return prompt + group * step;
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
