package io.medvol.model.qwen;

import ai.djl.ndarray.NDArray;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.model.policy.ParameterLayout;
import io.medvol.model.policy.TrainableParameters;
import io.medvol.model.tensor.GradientMode;
import io.medvol.model.tensor.Ops;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.Tensors;
import io.medvol.model.tensor.TorchRuntime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The weights that training changes, as one vector sorted by name. */
final class TrainableWeights {
  private final TorchRuntime runtime;
  private final ParameterLayout layout;
  private final List<NDArray> leaves;

  private TrainableWeights(TorchRuntime runtime, ParameterLayout layout, List<NDArray> leaves) {
    this.runtime = runtime;
    this.layout = layout;
    this.leaves = List.copyOf(leaves);
  }

  /**
   * Marks the weights of a network as trainable.
   *
   * @throws MedVolException RESOURCE if they are more than one vector can hold
   */
  static TrainableWeights of(TorchRuntime runtime, QwenNetwork network, TrainableParameters which) {
    SortedMap<String, NDArray> tensors = new TreeMap<>(network.tensors());
    tensors.keySet().removeIf(name -> !covers(which, network.config().names(), name));
    return of(runtime, tensors);
  }

  /** Whether a weight is among those trained. */
  static boolean covers(TrainableParameters which, HubNames names, String name) {
    return which == TrainableParameters.ALL || !name.startsWith(names.vision());
  }

  /** Marks the weights of an adapter as trainable; those of its network stay as they are. */
  static TrainableWeights of(TorchRuntime runtime, LoraAdapter adapter) {
    return of(runtime, adapter.tensors());
  }

  private static TrainableWeights of(TorchRuntime runtime, SortedMap<String, NDArray> tensors) {
    List<ParameterLayout.Parameter> parameters = new ArrayList<>();
    List<NDArray> leaves = new ArrayList<>();
    long offset = 0;
    for (Map.Entry<String, NDArray> tensor : tensors.entrySet()) {
      long length = tensor.getValue().size();
      if (offset + length > Integer.MAX_VALUE - 8) {
        throw new MedVolException(
            ErrorCode.RESOURCE,
            "The model has more than 2^31 trainable parameters: train fewer of them");
      }
      parameters.add(
          new ParameterLayout.Parameter(
              tensor.getKey(),
              Arrays.stream(tensor.getValue().getShape().getShape()).boxed().toList(),
              (int) offset,
              (int) length));
      leaves.add(Ops.requireGradient(tensor.getValue()));
      offset += length;
    }
    return new TrainableWeights(runtime, new ParameterLayout(parameters), leaves);
  }

  ParameterLayout layout() {
    return layout;
  }

  /** The tensors in the order of the layout. */
  List<NDArray> leaves() {
    return leaves;
  }

  float[] values() {
    float[] values = new float[layout.size()];
    for (int i = 0; i < leaves.size(); i++) {
      ParameterLayout.Parameter parameter = layout.parameters().get(i);
      Tensors.bytes(leaves.get(i))
          .asFloatBuffer()
          .get(values, parameter.offset(), parameter.length());
    }
    return values;
  }

  void set(float[] values) {
    if (values.length != layout.size()) {
      throw new IllegalArgumentException(
          values.length + " values for " + layout.size() + " parameters");
    }
    for (int i = 0; i < leaves.size(); i++) {
      ParameterLayout.Parameter parameter = layout.parameters().get(i);
      try (TensorScope scope = runtime.compute(GradientMode.NONE)) {
        float[] part =
            Arrays.copyOfRange(values, parameter.offset(), parameter.offset() + parameter.length());
        scope
            .ops()
            .copyInto(leaves.get(i), scope.floats(part, leaves.get(i).getShape().getShape()));
      }
    }
  }
}
