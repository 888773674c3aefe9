package io.medvol.grpo.checkpoint;

import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.lora.SavedAdapter;
import io.medvol.model.qwen.AdapterMerge;
import io.medvol.model.qwen.ModelWeights;
import io.medvol.model.weights.SafetensorsWriter;
import io.medvol.model.weights.SafetensorsWriter.Tensor;
import io.medvol.model.weights.WeightFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** A trained policy as a model directory of its own, without adapter and without training state. */
public final class StandaloneModel {
  private StandaloneModel() {}

  /** A model, such as a checkpoint of one, in a single weight file. */
  public static void write(ModelDirectory model, ModelExport.Files files) throws IOException {
    SideFiles.copy(model, files);
    try (WeightFiles weights = ModelWeights.open(model);
        OutputStream out = files.create(HubModelExport.WEIGHTS)) {
      List<Tensor> tensors = weights.names().stream().map(weights::tensor).toList();
      SafetensorsWriter.write(tensors, out);
    }
  }

  /**
   * A model with an adapter added to its weights, each rounded to the type it had.
   *
   * @throws io.medvol.data.error.MedVolException INVALID_INPUT if the adapter does not fit; nothing
   *     is written then
   */
  public static void write(ModelDirectory model, SavedAdapter adapter, ModelExport.Files files)
      throws IOException {
    AdapterMerge.requireFits(model, adapter);
    SideFiles.copy(model, files);
    try (OutputStream out = files.create(HubModelExport.WEIGHTS)) {
      AdapterMerge.write(model, adapter, out);
    }
  }
}
