package io.medvol.model.propagator;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.LocalStorage;
import io.medvol.data.storage.Sha256;
import io.medvol.model.sam2.MedSam2Propagator;
import io.medvol.model.sam2.Sam2Config;
import io.medvol.model.sam2.Sam2ConfigReader;
import io.medvol.model.sam2.Sam2Size;
import io.medvol.model.sam2.SegmenterBundle;
import io.medvol.reward.propagation.MaskPropagator;
import io.medvol.reward.propagation.RegionGrowPropagator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

/** Opens the propagator a run is configured with. */
public final class Propagators {
  private static final String FOLDER_WEIGHTS = "model.safetensors";
  private static final List<String> MODEL_CONFIGS = List.of("config.yaml", "config.json");

  /** Side of MedSAM2's input. */
  private static final int MEDSAM2_SIDE = 512;

  private static final int BUFFER = 1 << 16;

  private Propagators() {}

  /**
   * A propagator with weights of its own, for one thread at a time; closing it frees them.
   *
   * @throws MedVolException INVALID_INPUT or MALFORMED_DATA if the weights are missing, refused or
   *     of another model, INVALID_CONFIG if their configuration does not fit, RESOURCE if the cache
   *     folder cannot be made
   */
  public static MaskPropagator open(PropagatorConfig config) {
    return switch (config.type()) {
      case REGION_GROW -> new RegionGrowPropagator();
      case MEDSAM2 -> medSam2(config);
    };
  }

  private static MedSam2Propagator medSam2(PropagatorConfig config) {
    Optional<Path> cache = Optional.ofNullable(config.cacheFolder()).map(Path::of);
    if (isBundle(config)) {
      return SegmenterBundle.shipped(config.settings(), cache);
    }
    Path weights = weights(config);
    if (Files.isRegularFile(weights.resolveSibling(SegmenterBundle.DESCRIPTION))) {
      SegmenterBundle.requireDescribed(weights);
    }
    return MedSam2Propagator.open(network(config, weights), weights, config.settings(), cache);
  }

  private static boolean isBundle(PropagatorConfig config) {
    return config.checkpoint().equals(PropagatorConfig.BUNDLE);
  }

  /**
   * Names the weights by their content: the SHA-256 of the weights and of the configuration file
   * that comes with them, empty where there are none.
   *
   * @throws MedVolException INVALID_INPUT if they cannot be read
   */
  public static String weightsDigest(PropagatorConfig config) {
    if (config.type() == PropagatorType.REGION_GROW) {
      return "";
    }
    if (isBundle(config)) {
      return SegmenterBundle.shippedDigest();
    }
    Path weights = weights(config);
    MessageDigest digest = Sha256.start();
    addTo(digest, weights);
    modelConfig(config, weights).ifPresent(file -> addTo(digest, file));
    return Sha256.hex(digest.digest());
  }

  private static Path weights(PropagatorConfig config) {
    Path given = Path.of(config.checkpoint());
    Path file = Files.isDirectory(given) ? given.resolve(FOLDER_WEIGHTS) : given;
    if (!Files.isRegularFile(file)) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "propagator.checkpoint is "
              + config.checkpoint()
              + ", but there is no file "
              + file
              + "; give an official .pt file, a safetensors file, a folder with "
              + FOLDER_WEIGHTS
              + ", or "
              + PropagatorConfig.BUNDLE
              + " for the small network that comes with the platform");
    }
    return file;
  }

  private static Sam2Config network(PropagatorConfig config, Path weights) {
    return modelConfig(config, weights)
        .map(Sam2ConfigReader::read)
        .orElseGet(() -> Sam2Size.TINY.config(MEDSAM2_SIDE));
  }

  private static Optional<Path> modelConfig(PropagatorConfig config, Path weights) {
    if (config.modelConfig() != null) {
      return Optional.of(Path.of(config.modelConfig()));
    }
    return MODEL_CONFIGS.stream()
        .map(weights::resolveSibling)
        .filter(Files::isRegularFile)
        .findFirst();
  }

  private static void addTo(MessageDigest digest, Path file) {
    LocalStorage.requireFile(file);
    digest.update(file.getFileName().toString().getBytes(StandardCharsets.UTF_8));
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    } catch (IOException e) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT, file + " cannot be read: " + e.getMessage(), e);
    }
  }
}
