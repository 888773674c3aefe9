package io.medvol.model.qwen;

import ai.djl.ndarray.NDArray;
import io.medvol.model.tensor.TensorScope;
import java.util.List;

/** Keeps every activation. */
final class RecordedPass implements TrainingPass {
  private final QwenNetwork network;
  private final TensorScope scope;
  private NDArray hidden;

  RecordedPass(QwenNetwork network, TensorScope scope) {
    this.network = network;
    this.scope = scope;
  }

  @Override
  public NDArray forward(PackedGroup group) {
    hidden = network.predictors(scope, group);
    return hidden;
  }

  @Override
  public void backward(NDArray seed, List<NDArray> leaves, Sink sink) {
    if (!scope.ops().isRecorded(hidden)) {
      return; // An adapter of the vision tower, and no picture: nothing trained had a part.
    }
    List<NDArray> found = scope.ops().influences(List.of(hidden), List.of(seed), leaves);
    for (int i = 0; i < found.size(); i++) {
      if (found.get(i).size() > 0) {
        sink.take(i, found.get(i));
      }
    }
  }
}
