package io.medvol.model.tiny;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.Sha256;
import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.weights.DescribedWeights;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A pretrained tiny policy as {@code medvol pretrain} leaves it: a model directory of the hub, the
 * recipe it was made by, and {@code bundle.json} with digests and what was measured. One comes with
 * the platform; it knows phantoms, not patients. Immutable.
 */
public final class PolicyBundle {
  public static final String WEIGHTS = "model.safetensors";
  public static final String RECIPE = "recipe.yaml";
  public static final String DESCRIPTION = "bundle.json";

  private static final List<String> MODEL =
      List.of(
          "config.json",
          "generation_config.json",
          "preprocessor_config.json",
          "tokenizer.json",
          "tokenizer_config.json",
          "chat_template.json",
          "vocab.json",
          "merges.txt",
          WEIGHTS);
  private static final String SHIPPED = "bundle/";
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * What is known of a bundle.
   *
   * @param weightsSha256 of {@link #WEIGHTS}
   * @param recipeSha256 of {@link #RECIPE}
   * @param measured by name, such as {@code dice}
   */
  public record Description(
      String weightsSha256, String recipeSha256, Map<String, Double> measured) {
    public Description {
      measured = Map.copyOf(measured);
    }
  }

  private PolicyBundle() {}

  /**
   * Writes a bundle, its description last.
   *
   * @param model directory of the trained model
   * @param recipe what it was trained by
   * @param folder made if absent
   */
  public static void write(Path model, String recipe, Map<String, Double> measured, Path folder)
      throws IOException {
    Files.createDirectories(folder);
    for (String file : MODEL) {
      Files.write(folder.resolve(file), Files.readAllBytes(model.resolve(file)));
    }
    Files.writeString(folder.resolve(RECIPE), recipe);
    ObjectNode description = JSON.createObjectNode();
    description.put("recipe-sha256", Sha256.of(recipe.getBytes(StandardCharsets.UTF_8)));
    description.put("weights-sha256", Sha256.of(Files.readAllBytes(folder.resolve(WEIGHTS))));
    ObjectNode figures = description.putObject("measured");
    measured.forEach(figures::put);
    Files.writeString(
        folder.resolve(DESCRIPTION),
        JSON.writerWithDefaultPrettyPrinter().writeValueAsString(description) + "\n");
  }

  /**
   * Opens a bundle as a model.
   *
   * @throws MedVolException INVALID_INPUT if a file is missing or damaged, or the weights are not
   *     those that were described
   */
  public static ModelDirectory open(Path folder) {
    byte[] weights;
    Description description;
    try {
      weights = Files.readAllBytes(folder.resolve(WEIGHTS));
      description = described(Files.readAllBytes(folder.resolve(DESCRIPTION)), folder.toString());
    } catch (IOException e) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "The policy bundle in " + folder + " cannot be read: " + e.getMessage() + ".",
          e);
    }
    DescribedWeights.require(weights, folder.toString(), description.weightsSha256(), DESCRIPTION);
    return ModelDirectory.open(folder);
  }

  /**
   * Unpacks the bundle that comes with the platform and opens it.
   *
   * @param folder made if absent
   * @throws MedVolException RESOURCE if it cannot be written
   */
  public static ModelDirectory unpack(Path folder) {
    try {
      Files.createDirectories(folder);
      for (String file : MODEL) {
        Files.write(folder.resolve(file), resource(file));
      }
      Files.write(folder.resolve(RECIPE), resource(RECIPE));
      Files.write(folder.resolve(DESCRIPTION), resource(DESCRIPTION));
    } catch (IOException e) {
      throw new MedVolException(
          ErrorCode.RESOURCE,
          "The shipped policy cannot be unpacked to " + folder + ": " + e.getMessage() + ".",
          e);
    }
    return open(folder);
  }

  /** What is known of the bundle that comes with the platform. */
  public static Description shipped() {
    return described(resource(DESCRIPTION), SHIPPED);
  }

  /** The recipe of the bundle that comes with the platform. */
  public static String shippedRecipe() {
    return new String(resource(RECIPE), StandardCharsets.UTF_8);
  }

  private static byte[] resource(String file) {
    try (InputStream in = PolicyBundle.class.getResourceAsStream(SHIPPED + file)) {
      if (in == null) {
        throw new MedVolException(
            ErrorCode.INVALID_INPUT,
            "This build holds no pretrained policy; make one by 'medvol pretrain --run DIR' and"
                + " name DIR/bundle instead.");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Description described(byte[] json, String folder) {
    try {
      JsonNode tree = JSON.readTree(json);
      Map<String, Double> measured = new LinkedHashMap<>();
      tree.path("measured")
          .fields()
          .forEachRemaining(field -> measured.put(field.getKey(), field.getValue().asDouble()));
      return new Description(
          tree.path("weights-sha256").asText(""), tree.path("recipe-sha256").asText(""), measured);
    } catch (JsonProcessingException e) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          DESCRIPTION + " in " + folder + " is not JSON: " + e.getOriginalMessage() + ".",
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
