package io.medvol.grpo.checkpoint;

import io.medvol.model.lora.AdapterConfigFile;
import io.medvol.model.lora.AdapterFiles;
import io.medvol.model.lora.LoraConfig;
import io.medvol.model.lora.SavedAdapter;
import io.medvol.model.policy.ParameterLayout;
import io.medvol.rollout.trajectory.FloatVector;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/** A low-rank adapter as peft lays it out; the model it adapts is named, not copied. */
public final class AdapterExport implements ModelExport {
  private final LoraConfig config;
  private final String baseModel;
  private final ParameterLayout layout;

  /**
   * @param baseModel name or folder of the model trained from
   * @param layout of the policy with the adapter
   */
  public AdapterExport(LoraConfig config, String baseModel, ParameterLayout layout) {
    this.config = Objects.requireNonNull(config, "config");
    this.baseModel = Objects.requireNonNull(baseModel, "baseModel");
    this.layout = Objects.requireNonNull(layout, "layout");
  }

  @Override
  public void write(FloatVector parameters, Files files) throws IOException {
    try (OutputStream out = files.create(SavedAdapter.CONFIG_FILE)) {
      AdapterConfigFile.write(config, baseModel, out);
    }
    try (OutputStream out = files.create(SavedAdapter.WEIGHT_FILE)) {
      AdapterFiles.write(layout, parameters.array(), out);
    }
  }
}
