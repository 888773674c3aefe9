package io.medvol.model.weights;

import io.medvol.model.policy.ParameterLayout;
import io.medvol.model.weights.SafetensorsWriter.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes the weights of a trained model as one file with the names of the hub. */
public final class Checkpoints {
  private Checkpoints() {}

  /**
   * Every tensor of the model trained from: the trained ones with their new values as float32, the
   * others as they were. Does not close the stream.
   *
   * @param parameters in the order of the layout
   */
  public static void write(
      WeightFiles base, ParameterLayout layout, float[] parameters, OutputStream out)
      throws IOException {
    if (parameters.length != layout.size()) {
      throw new IllegalArgumentException(
          parameters.length + " parameters for a layout of " + layout.size());
    }
    Map<String, ParameterLayout.Parameter> trained = new HashMap<>();
    layout.parameters().forEach(parameter -> trained.put(parameter.name(), parameter));
    List<Tensor> tensors = new ArrayList<>();
    for (String name : base.names()) {
      ParameterLayout.Parameter parameter = trained.remove(name);
      tensors.add(
          parameter == null
              ? base.tensor(name)
              : Tensor.floats(name, parameter.shape(), parameters, parameter.offset()));
    }
    if (!trained.isEmpty()) {
      throw new IllegalArgumentException("The base model has no tensors " + trained.keySet());
    }
    SafetensorsWriter.write(tensors, out);
  }
}
