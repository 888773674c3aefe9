package io.medvol.grpo.checkpoint;

import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.lora.SavedAdapter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** The configuration and tokenizer files of a model, for one made from it. */
final class SideFiles {
  /** What the base has too if it is itself a checkpoint. */
  private static final Set<String> OF_A_CHECKPOINT =
      Set.of(CheckpointManifest.FILE, TrainerStateFile.FILE, SavedAdapter.CONFIG_FILE);

  private SideFiles() {}

  static void copy(ModelDirectory base, ModelExport.Files files) throws IOException {
    for (Path file : base.sideFiles()) {
      String name = file.getFileName().toString();
      if (!OF_A_CHECKPOINT.contains(name)) {
        try (OutputStream out = files.create(name)) {
          Files.copy(file, out);
        }
      }
    }
  }
}
