package io.medvol.grpo.checkpoint;

import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.policy.ParameterLayout;
import io.medvol.model.qwen.ModelWeights;
import io.medvol.model.weights.Checkpoints;
import io.medvol.model.weights.WeightFiles;
import io.medvol.rollout.trajectory.FloatVector;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/**
 * The layout of the Hugging Face hub: {@code model.safetensors} with the hub's names, and the
 * configuration and tokenizer files of the model that was trained from.
 */
public final class HubModelExport implements ModelExport {
  static final String WEIGHTS = "model.safetensors";

  private final ModelDirectory base;
  private final ParameterLayout layout;

  /**
   * @param base the model trained from: gives the files beside the weights, and the weights that
   *     were not trained
   */
  public HubModelExport(ModelDirectory base, ParameterLayout layout) {
    this.base = Objects.requireNonNull(base, "base");
    this.layout = Objects.requireNonNull(layout, "layout");
  }

  @Override
  public void write(FloatVector parameters, Files files) throws IOException {
    SideFiles.copy(base, files);
    try (WeightFiles weights = ModelWeights.open(base);
        OutputStream out = files.create(WEIGHTS)) {
      Checkpoints.write(weights, layout, parameters.array(), out);
    }
  }
}
