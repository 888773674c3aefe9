package io.medvol.grpo.segment;

import io.medvol.grpo.checkpoint.ModelExport;
import io.medvol.model.sam2.Sam2Config;
import io.medvol.model.sam2.Sam2ConfigWriter;
import io.medvol.model.sam2.train.SegmenterWeights;
import io.medvol.rollout.trajectory.FloatVector;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** The weights as bfloat16 {@code model.safetensors} beside the network's {@code config.yaml}. */
record SegmenterExport(Sam2Config config, SegmenterWeights weights) implements ModelExport {
  static final String WEIGHTS = "model.safetensors";
  static final String CONFIG = "config.yaml";

  @Override
  public void write(FloatVector parameters, Files files) throws IOException {
    try (OutputStream out = files.create(CONFIG)) {
      out.write(Sam2ConfigWriter.yaml(config).getBytes(StandardCharsets.UTF_8));
    }
    try (OutputStream out = files.create(WEIGHTS)) {
      weights.write(parameters.array(), out);
    }
  }
}
