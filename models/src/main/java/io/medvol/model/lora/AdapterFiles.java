package io.medvol.model.lora;

import io.medvol.model.policy.ParameterLayout;
import io.medvol.model.weights.SafetensorsWriter;
import io.medvol.model.weights.SafetensorsWriter.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes adapters in the layout of peft. */
public final class AdapterFiles {
  private AdapterFiles() {}

  /**
   * The content of {@code adapter_model.safetensors}; does not close the stream.
   *
   * @param layout that of a policy with an adapter
   */
  public static void write(ParameterLayout layout, float[] parameters, OutputStream out)
      throws IOException {
    if (parameters.length != layout.size()) {
      throw new IllegalArgumentException(
          parameters.length + " parameters for a layout of " + layout.size());
    }
    List<Tensor> tensors =
        layout.parameters().stream()
            .map(one -> Tensor.floats(one.name(), one.shape(), parameters, one.offset()))
            .toList();
    SafetensorsWriter.write(tensors, out);
  }

  /** Both files of an adapter, in a folder that is made if absent. */
  public static void write(
      LoraConfig config, String baseModel, ParameterLayout layout, float[] parameters, Path folder)
      throws IOException {
    Files.createDirectories(folder);
    try (OutputStream out = Files.newOutputStream(folder.resolve(SavedAdapter.CONFIG_FILE))) {
      AdapterConfigFile.write(config, baseModel, out);
    }
    try (OutputStream out = Files.newOutputStream(folder.resolve(SavedAdapter.WEIGHT_FILE))) {
      write(layout, parameters, out);
    }
  }
}
