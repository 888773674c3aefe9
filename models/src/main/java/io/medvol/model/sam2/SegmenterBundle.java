package io.medvol.model.sam2;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.LocalStorage;
import io.medvol.data.storage.Sha256;
import io.medvol.model.weights.DescribedWeights;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A trained segmenter as {@code medvol train-segmenter} leaves it: {@code config.yaml} (the
 * network, in the official structure), {@code model.safetensors} (bfloat16), {@code recipe.yaml},
 * and {@code bundle.json} (seed, digests, measured Dice). One comes with the platform; it knows
 * phantoms, not patients. Immutable.
 */
public final class SegmenterBundle {
  public static final String CONFIG = "config.yaml";
  public static final String WEIGHTS = "model.safetensors";
  public static final String RECIPE = "recipe.yaml";
  public static final String DESCRIPTION = "bundle.json";

  private static final List<String> FILES = List.of(CONFIG, WEIGHTS, RECIPE, DESCRIPTION);
  private static final String SHIPPED = "bundle/";

  /**
   * What is known of a bundle.
   *
   * @param seed of the training
   * @param weightsSha256 of {@link #WEIGHTS}
   * @param organDice mean 3-D Dice over the organs of phantoms it was not trained on
   * @param lesionDice the same over lesions
   */
  public record Description(long seed, String weightsSha256, double organDice, double lesionDice) {}

  private final Path folder;
  private final Description description;

  private SegmenterBundle(Path folder, Description description) {
    this.folder = folder;
    this.description = description;
  }

  /**
   * Opens a folder.
   *
   * @throws MedVolException INVALID_INPUT if a file is missing or damaged, or the weights are not
   *     those that were described
   */
  public static SegmenterBundle open(Path folder) {
    return new SegmenterBundle(folder, requireDescribed(folder.resolve(WEIGHTS)));
  }

  /**
   * Checks weights against the description beside them.
   *
   * @throws MedVolException INVALID_INPUT if one of the two is missing or damaged, or they differ
   */
  public static Description requireDescribed(Path weights) {
    Path folder = weights.toAbsolutePath().getParent();
    Description description = described(read(folder.resolve(DESCRIPTION)), folder);
    DescribedWeights.require(
        read(weights), folder.toString(), description.weightsSha256(), DESCRIPTION);
    return description;
  }

  /**
   * Loads the network of the bundle that comes with the platform.
   *
   * @throws MedVolException RESOURCE if the temporary folder cannot be written
   */
  public static MedSam2Propagator shipped(MedSam2Settings settings) {
    return shipped(settings, Optional.empty());
  }

  /**
   * Loads the network of the bundle that comes with the platform.
   *
   * @param cache folder where features of slices are looked for and left
   * @throws MedVolException RESOURCE if the temporary folder or the cache cannot be written
   */
  public static MedSam2Propagator shipped(MedSam2Settings settings, Optional<Path> cache) {
    Path folder = null;
    try {
      folder = Files.createTempDirectory("medvol-segmenter");
      for (String file : List.of(CONFIG, WEIGHTS, DESCRIPTION)) {
        Files.write(folder.resolve(file), resource(file));
      }
      return open(folder).propagator(settings, cache);
    } catch (IOException e) {
      throw new MedVolException(
          ErrorCode.RESOURCE,
          "The shipped segmenter cannot be unpacked: "
              + e.getMessage()
              + ". Free space in the temporary folder, or name another by java.io.tmpdir.",
          e);
    } finally {
      remove(folder);
    }
  }

  /** Names the network of the bundle that comes with the platform by its content, SHA-256. */
  public static String shippedDigest() {
    return Sha256.of(
        (Sha256.of(resource(CONFIG)) + Sha256.of(resource(WEIGHTS)))
            .getBytes(StandardCharsets.US_ASCII));
  }

  /** What is known of the bundle that comes with the platform. */
  public static Description shippedDescription() {
    return described(resource(DESCRIPTION), Path.of(SHIPPED));
  }

  public Description description() {
    return description;
  }

  /** Loads the network, which the propagator owns; the files are not needed afterwards. */
  public MedSam2Propagator propagator(MedSam2Settings settings) {
    return propagator(settings, Optional.empty());
  }

  private MedSam2Propagator propagator(MedSam2Settings settings, Optional<Path> cache) {
    return MedSam2Propagator.open(
        Sam2ConfigReader.read(folder.resolve(CONFIG)), folder.resolve(WEIGHTS), settings, cache);
  }

  private static byte[] resource(String file) {
    try (InputStream in = SegmenterBundle.class.getResourceAsStream(SHIPPED + file)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] read(Path file) {
    LocalStorage.requireFile(file);
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          file + " of the segmenter bundle cannot be read: " + e.getMessage(),
          e);
    }
  }

  private static Description described(byte[] json, Path folder) {
    try {
      JsonNode tree = new ObjectMapper().readTree(json);
      String digest = tree.path("weights-sha256").asText("");
      if (digest.isEmpty()) {
        throw new MedVolException(
            ErrorCode.INVALID_INPUT,
            folder.resolve(DESCRIPTION) + " does not name the weights-sha256 of its weights");
      }
      return new Description(
          tree.path("seed").asLong(),
          digest,
          tree.path("organ-dice").asDouble(Double.NaN),
          tree.path("lesion-dice").asDouble(Double.NaN));
    } catch (IOException e) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT, folder.resolve(DESCRIPTION) + " is not JSON", e);
    }
  }

  /** What stays behind in a temporary folder does no harm. */
  private static void remove(Path folder) {
    if (folder == null) {
      return;
    }
    try {
      for (String file : FILES) {
        Files.deleteIfExists(folder.resolve(file));
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      folder.toFile().deleteOnExit();
    }
  }
}
