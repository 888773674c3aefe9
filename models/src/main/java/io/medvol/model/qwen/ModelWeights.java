package io.medvol.model.qwen;

import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.weights.WeightFiles;

/** The weight files of a model of the Qwen-VL family. Stateless. */
public final class ModelWeights {
  private ModelWeights() {}

  /**
   * Opens them by the names the family was published with on the hub, whichever naming the files
   * use; the caller closes them.
   *
   * @throws io.medvol.data.error.MedVolException INVALID_INPUT if the model is of another family or
   *     a file is missing, MALFORMED_DATA if one is not valid
   */
  public static WeightFiles open(ModelDirectory model) {
    return PolicyLoader.config(model).names().open(model.weightFiles());
  }
}
