package io.medvol.model.qwen;

import ai.djl.ndarray.NDArray;
import io.medvol.model.policy.ActivationCheckpointing;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.TorchRuntime;
import java.util.List;

/** A pass through the network and back, once each. */
interface TrainingPass {
  /** The hidden rows that predict the tokens of the group, {@code [target][hidden]}. */
  NDArray forward(PackedGroup group);

  /**
   * Differentiates.
   *
   * @param seed derivative with respect to each of those rows, of their type
   * @param leaves the tensors asked for
   * @param sink takes each tensor's number and its gradient; a tensor without influence has none
   */
  void backward(NDArray seed, List<NDArray> leaves, Sink sink);

  /** Takes gradients, valid during the call. */
  @FunctionalInterface
  interface Sink {
    void take(int leaf, NDArray gradient);
  }

  /**
   * @param scope owns what is kept in between; records
   */
  static TrainingPass of(
      ActivationCheckpointing checkpointing,
      TorchRuntime runtime,
      QwenNetwork network,
      TensorScope scope) {
    return switch (checkpointing) {
      case NONE -> new RecordedPass(network, scope);
      case LAYERS -> new RecomputedPass(runtime, network, scope);
    };
  }
}
