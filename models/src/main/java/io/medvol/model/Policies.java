package io.medvol.model;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.policy.PolicyModel;
import io.medvol.model.policy.TrainableParameters;
import io.medvol.model.qwen.QwenPolicy;
import io.medvol.model.tensor.TorchRuntime;
import java.nio.file.Path;

/** Loads policies from folders in the layout of the Hugging Face hub. */
public final class Policies {
  private Policies() {}

  /**
   * Loads a policy that computes with one thread, the choice where several tasks share a machine.
   *
   * @throws MedVolException INVALID_INPUT if a file is missing or the model is of an unknown kind,
   *     MALFORMED_DATA if its weights cannot be read
   */
  public static PolicyModel load(Path directory, TrainableParameters which) {
    return load(directory, which, 1);
  }

  /**
   * Loads a policy.
   *
   * @param threads that one operation may use. The number holds for every policy of the process,
   *     and results depend on it in their last bits.
   */
  public static PolicyModel load(Path directory, TrainableParameters which, int threads) {
    ModelDirectory model = ModelDirectory.open(directory);
    TorchRuntime.setIntraOpThreads(threads);
    return switch (model.modelType()) {
      case "qwen3_vl" -> QwenPolicy.load(model, which);
      default ->
          throw new MedVolException(
              ErrorCode.INVALID_INPUT,
              directory + " is a model of type \"" + model.modelType() + "\": expected qwen3_vl");
    };
  }
}
