package io.medvol.model.directory;

import com.fasterxml.jackson.databind.JsonNode;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Finds the files of a model in a folder, and says everything that is missing at once. */
final class ModelFiles {
  private static final String WEIGHTS = "model.safetensors";
  private static final String WEIGHT_INDEX = "model.safetensors.index.json";
  private static final String HUB_NAME = "[A-Za-z0-9][A-Za-z0-9_.-]*";

  private final Path root;
  private final List<String> missing = new ArrayList<>();

  private ModelFiles(Path root) {
    this.root = root;
  }

  /**
   * The weight files of a folder that has all a model needs, sorted by name.
   *
   * @param imageProcessor whether the folder has the settings of an image processor
   * @throws MedVolException INVALID_INPUT if something is missing
   */
  static List<Path> weights(Path root, Predicate<Path> imageProcessor) {
    if (!Files.isDirectory(root)) {
      throw new MedVolException(ErrorCode.INVALID_INPUT, noFolder(root));
    }
    return new ModelFiles(root).find(imageProcessor);
  }

  private List<Path> find(Predicate<Path> imageProcessor) {
    require("config.json", "the architecture");
    require("tokenizer.json", "the tokenizer in the format of the tokenizers library");
    if (!imageProcessor.test(root)) {
      missing.add(
          "preprocessor_config.json or, from transformers 5, processor_config.json (the settings of"
              + " the image processor)");
    }
    List<Path> weights = weights();
    if (!missing.isEmpty()) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "The model directory "
              + root
              + " lacks "
              + String.join("; ", missing)
              + ": expected a folder as transformers' save_pretrained writes it for model and"
              + " processor"
              + others());
    }
    return weights;
  }

  private List<Path> weights() {
    if (Files.isRegularFile(root.resolve(WEIGHTS))) {
      return List.of(root.resolve(WEIGHTS));
    }
    Path index = root.resolve(WEIGHT_INDEX);
    if (!Files.isRegularFile(index)) {
      missing.add(WEIGHTS + " or " + WEIGHT_INDEX + " with the shards it lists (the weights)");
      return List.of();
    }
    TreeSet<String> names = new TreeSet<>();
    JsonNode map = ModelDirectory.readJson(index).path("weight_map");
    map.forEach(name -> names.add(name.asText()));
    if (names.isEmpty()) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          index + " lists no shard: expected an object weight_map of tensor to file name");
    }
    names.forEach(
        name -> {
          requireShardName(index, name);
          require(name, "a shard listed in " + WEIGHT_INDEX);
        });
    return names.stream().map(root::resolve).toList();
  }

  private void require(String name, String meaning) {
    if (!Files.isRegularFile(root.resolve(name))) {
      missing.add(name + " (" + meaning + ")");
    }
  }

  /** A name with a folder in it could lead out of the model directory. */
  private static void requireShardName(Path index, String name) {
    if (!name.matches("[^/\\\\\\p{Cntrl}]+\\.safetensors")) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          index + " lists the shard \"" + name + "\": expected the name of a .safetensors file");
    }
  }

  /** Weights in formats that are not read here. */
  private String others() {
    try (Stream<Path> files = Files.list(root)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches(".*\\.(bin|pt|pth|gguf|ckpt)"))
          .sorted()
          .findFirst()
          .map(name -> "; " + name + " is of a format that is not read here")
          .orElse("");
    } catch (IOException e) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT, "Cannot read " + root + ": " + e.getMessage(), e);
    }
  }

  private static String noFolder(Path root) {
    String sentence =
        "There is no model directory at "
            + root
            + ": expected a folder with config.json, tokenizer.json, preprocessor_config.json and"
            + " model.safetensors, as on the Hugging Face hub";
    int parts = root.getNameCount();
    if (parts < 2 || root.getParent() != null && Files.exists(root.getParent())) {
      return sentence;
    }
    String name = root.getName(parts - 2) + "/" + root.getName(parts - 1);
    return name.matches(HUB_NAME + "/" + HUB_NAME)
        ? sentence
            + ". Nothing is downloaded here: if "
            + name
            + " is a name on the hub, run `hf download "
            + name
            + " --local-dir DIR` and give DIR"
        : sentence;
  }
}
