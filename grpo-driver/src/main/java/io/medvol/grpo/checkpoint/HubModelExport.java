package io.medvol.grpo.checkpoint;

import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.policy.ParameterLayout;
import io.medvol.model.weights.Checkpoints;
import io.medvol.model.weights.WeightFiles;
import io.medvol.rollout.trajectory.FloatVector;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;

/**
 * The layout of the Hugging Face hub: {@code model.safetensors} with the hub's names, and the
 * configuration and tokenizer files of the model that was trained from.
 */
public final class HubModelExport implements ModelExport {
  /** What the base has too if it is itself a checkpoint: this one writes its own. */
  private static final Set<String> OWN_FILES =
      Set.of(CheckpointManifest.FILE, TrainerStateFile.FILE);

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
    for (Path file : base.sideFiles()) {
      if (OWN_FILES.contains(file.getFileName().toString())) {
        continue;
      }
      try (OutputStream out = files.create(file.getFileName().toString())) {
        java.nio.file.Files.copy(file, out);
      }
    }
    try (WeightFiles weights = WeightFiles.open(base.weightFiles());
        OutputStream out = files.create("model.safetensors")) {
      Checkpoints.write(weights, layout, parameters.array(), out);
    }
  }
}
