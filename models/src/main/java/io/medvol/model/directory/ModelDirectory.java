package io.medvol.model.directory;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A model as the Hugging Face hub lays it out in a local folder: configuration, tokenizer, image
 * processor, weights. Opening it finds every file a policy needs, so that a gap is one sentence at
 * the start and not a failure in the middle of a run. Immutable and thread-safe.
 */
public final class ModelDirectory {
  private static final long MAX_JSON_BYTES = 64L << 20;
  private static final String WEIGHTS = "model.safetensors";
  private static final String WEIGHT_INDEX = "model.safetensors.index.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path root;
  private final JsonNode config;
  private final List<Path> weightFiles;

  private ModelDirectory(Path root, JsonNode config, List<Path> weightFiles) {
    this.root = root;
    this.config = config;
    this.weightFiles = weightFiles;
  }

  /**
   * Finds and checks the files of a model.
   *
   * @throws MedVolException INVALID_INPUT if the folder or a needed file is missing or unreadable
   */
  public static ModelDirectory open(Path root) {
    if (!Files.isDirectory(root)) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "There is no model directory at "
              + root
              + ": expected a folder with config.json, tokenizer.json, preprocessor_config.json"
              + " and model.safetensors, as on the Hugging Face hub");
    }
    JsonNode config = readJson(require(root, "config.json", "the architecture of the model"));
    if (!config.path("model_type").isTextual()) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          root.resolve("config.json") + " names no model_type: expected one such as \"qwen3_vl\"");
    }
    require(root, "tokenizer.json", "the tokenizer in the format of the tokenizers library");
    require(root, "preprocessor_config.json", "the settings of the image processor");
    return new ModelDirectory(root, config, findWeights(root));
  }

  public Path root() {
    return root;
  }

  /** For example {@code qwen3_vl}. */
  public String modelType() {
    return config.get("model_type").asText();
  }

  /** The parsed {@code config.json}; not to be changed. */
  public JsonNode config() {
    return config;
  }

  /** The parsed {@code preprocessor_config.json}. */
  public JsonNode preprocessorConfig() {
    return readJson(root.resolve("preprocessor_config.json"));
  }

  /** The parsed {@code generation_config.json}, if the model has one. */
  public Optional<JsonNode> generationConfig() {
    return optionalJson("generation_config.json");
  }

  /** The parsed {@code tokenizer_config.json}, if the model has one. */
  public Optional<JsonNode> tokenizerConfig() {
    return optionalJson("tokenizer_config.json");
  }

  public Path tokenizerFile() {
    return root.resolve("tokenizer.json");
  }

  /** The safetensors files that together hold the weights, sorted by name; at least one. */
  public List<Path> weightFiles() {
    return weightFiles;
  }

  /**
   * The Jinja chat template: {@code chat_template.jinja} if there, else that of {@code
   * chat_template.json}, else the one inside {@code tokenizer_config.json}.
   */
  public String chatTemplate() {
    Path jinja = root.resolve("chat_template.jinja");
    if (Files.exists(jinja)) {
      return readText(jinja);
    }
    return optionalJson("chat_template.json")
        .flatMap(ModelDirectory::template)
        .or(() -> tokenizerConfig().flatMap(ModelDirectory::template))
        .orElseThrow(
            () ->
                new MedVolException(
                    ErrorCode.INVALID_INPUT,
                    root
                        + " has no chat template: expected chat_template.jinja, or an entry"
                        + " chat_template in chat_template.json or tokenizer_config.json"));
  }

  /**
   * The files beside the weights that a checkpoint must carry so that other tools can read it,
   * sorted by name.
   */
  public List<Path> sideFiles() {
    try (Stream<Path> files = Files.list(root)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> isSideFile(file.getFileName().toString()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw unreadable(root, e);
    }
  }

  /** Copies {@link #sideFiles} into a folder, which is made if absent. */
  public void copySideFiles(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (Path file : sideFiles()) {
      Files.copy(
          file, folder.resolve(file.getFileName().toString()), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static boolean isSideFile(String name) {
    return !name.startsWith(".")
        && !name.endsWith(".index.json")
        && (name.endsWith(".json")
            || name.endsWith(".txt")
            || name.endsWith(".jinja")
            || name.startsWith("LICENSE"));
  }

  private static Optional<String> template(JsonNode holder) {
    JsonNode template = holder.path("chat_template");
    // Some models list several named templates; the one called "default" answers a plain request.
    if (template.isArray()) {
      for (JsonNode named : template) {
        if (named.path("name").asText().equals("default")) {
          return Optional.of(named.path("template").asText());
        }
      }
    }
    return template.isTextual() ? Optional.of(template.asText()) : Optional.empty();
  }

  private static List<Path> findWeights(Path root) {
    Path single = root.resolve(WEIGHTS);
    if (Files.isRegularFile(single)) {
      return List.of(single);
    }
    Path index = root.resolve(WEIGHT_INDEX);
    if (!Files.isRegularFile(index)) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          root
              + " holds no weights: expected "
              + WEIGHTS
              + ", or "
              + WEIGHT_INDEX
              + " with the shards it lists");
    }
    TreeSet<String> names = new TreeSet<>();
    readJson(index).path("weight_map").forEach(name -> names.add(name.asText()));
    if (names.isEmpty()) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          index + " lists no shard: expected an object weight_map of tensor to file name");
    }
    return names.stream().map(name -> shard(root, index, name)).toList();
  }

  private static Path shard(Path root, Path index, String name) {
    // A name with a folder in it could lead out of the model directory.
    if (!name.matches("[^/\\\\\\p{Cntrl}]+\\.safetensors")) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          index + " lists the shard \"" + name + "\": expected the name of a .safetensors file");
    }
    return require(root, name, "a shard listed in " + WEIGHT_INDEX);
  }

  private static Path require(Path root, String name, String meaning) {
    Path file = root.resolve(name);
    if (!Files.isRegularFile(file)) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT, "The model directory lacks " + file + ": expected " + meaning);
    }
    return file;
  }

  private Optional<JsonNode> optionalJson(String name) {
    Path file = root.resolve(name);
    return Files.isRegularFile(file) ? Optional.of(readJson(file)) : Optional.empty();
  }

  private static JsonNode readJson(Path file) {
    JsonNode node;
    try {
      node = JSON.readTree(readText(file));
    } catch (JsonProcessingException e) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT, file + " is not JSON: " + e.getOriginalMessage(), e);
    }
    if (!node.isObject()) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT, file + " holds no JSON object at its top level");
    }
    return node;
  }

  private static String readText(Path file) {
    try {
      long size = Files.size(file);
      if (size > MAX_JSON_BYTES) {
        throw new MedVolException(
            ErrorCode.INVALID_INPUT,
            file + " has " + size + " bytes: expected at most " + MAX_JSON_BYTES);
      }
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new MedVolException(ErrorCode.INVALID_INPUT, file + " is not text in UTF-8", e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static MedVolException unreadable(Path path, IOException cause) {
    return new MedVolException(
        ErrorCode.INVALID_INPUT, "Cannot read " + path + ": " + cause.getMessage(), cause);
  }
}
