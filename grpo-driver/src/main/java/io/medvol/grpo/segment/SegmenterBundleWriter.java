package io.medvol.grpo.segment;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.medvol.data.config.EffectiveConfig;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.LocalStorage;
import io.medvol.data.storage.Sha256;
import io.medvol.data.storage.Storage;
import io.medvol.model.sam2.SegmenterBundle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Puts a trained segmenter together as {@link SegmenterBundle} reads it. */
public final class SegmenterBundleWriter {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private SegmenterBundleWriter() {}

  /**
   * Writes the files of a bundle, its description last.
   *
   * @param checkpoint folder that {@link SegmenterTrainer#train} gave
   * @param recipe what it was trained with
   * @param measured what was found of it
   * @throws MedVolException (RESOURCE) if the folder cannot be written
   */
  public static void write(
      Path checkpoint, SegmenterConfig recipe, MeasurementReport measured, Path folder) {
    Storage storage = new LocalStorage();
    try {
      Files.createDirectories(folder);
      byte[] weights = Files.readAllBytes(checkpoint.resolve(SegmenterExport.WEIGHTS));
      EffectiveConfig<SegmenterConfig> effective = new EffectiveConfig<>(recipe);
      commit(storage, folder, SegmenterBundle.WEIGHTS, weights);
      commit(
          storage,
          folder,
          SegmenterBundle.CONFIG,
          Files.readAllBytes(checkpoint.resolve(SegmenterExport.CONFIG)));
      commit(
          storage,
          folder,
          SegmenterBundle.RECIPE,
          effective.yaml().getBytes(StandardCharsets.UTF_8));
      ObjectNode description = JSON.createObjectNode();
      description.put("seed", recipe.seed());
      description.put("steps", recipe.steps());
      description.put("recipe-sha256", effective.digest());
      description.put("weights-sha256", Sha256.of(weights));
      description.put("weights-bytes", weights.length);
      ObjectNode found = measured.json();
      description.set("organ-dice", found.get("organ-dice"));
      description.set("lesion-dice", found.get("lesion-dice"));
      description.set("measurement", found);
      commit(storage, folder, SegmenterBundle.DESCRIPTION, JSON.writeValueAsBytes(description));
    } catch (IOException e) {
      throw new MedVolException(
          ErrorCode.RESOURCE,
          "The segmenter bundle cannot be written to "
              + folder
              + ": "
              + e.getMessage()
              + ". Check space and permissions, then run again.",
          e);
    }
  }

  private static void commit(Storage storage, Path folder, String name, byte[] content)
      throws IOException {
    storage.commit(folder.resolve(name).toString(), content);
  }
}
