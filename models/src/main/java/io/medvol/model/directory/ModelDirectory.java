package io.medvol.model.directory;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.LocalStorage;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A model as the Hugging Face hub lays it out in a local folder: configuration, tokenizer, image
 * processor, weights. Opening it finds every file a policy needs, so that a gap is one sentence at
 * the start and not a failure in the middle of a run. Immutable and thread-safe.
 */
public final class ModelDirectory {
  private static final long MAX_JSON_BYTES = 64L << 20;
  private static final String CONFIG = "config.json";
  private static final String PREPROCESSOR = "preprocessor_config.json";
  private static final String PROCESSOR = "processor_config.json";
  private static final String IMAGE_PROCESSOR = "image_processor";

  /** Where transformers, compressed-tensors and MLX describe a quantisation. */
  private static final List<String> QUANTISATION =
      List.of("quantization_config", "compression_config", "quantization");

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
    List<Path> weights = ModelFiles.weights(root, ModelDirectory::hasImageProcessor);
    JsonNode config = readJson(root.resolve(CONFIG));
    if (!config.path("model_type").isTextual()) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          root.resolve(CONFIG) + " names no model_type: expected one such as \"qwen3_vl\"");
    }
    requireUnquantised(root, config);
    return new ModelDirectory(root, config, weights);
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

  /**
   * The settings of the image processor: {@code image_processor} of {@code processor_config.json},
   * which transformers 5 writes and prefers, else {@code preprocessor_config.json}.
   */
  public JsonNode preprocessorConfig() {
    return optionalJson(root, PROCESSOR)
        .map(processor -> processor.path(IMAGE_PROCESSOR))
        .filter(JsonNode::isObject)
        .orElseGet(() -> readJson(root.resolve(PREPROCESSOR)));
  }

  private static boolean hasImageProcessor(Path root) {
    return Files.isRegularFile(root.resolve(PREPROCESSOR))
        || optionalJson(root, PROCESSOR)
            .filter(processor -> processor.path(IMAGE_PROCESSOR).isObject())
            .isPresent();
  }

  /** The parsed {@code generation_config.json}, if the model has one. */
  public Optional<JsonNode> generationConfig() {
    return optionalJson("generation_config.json");
  }

  /** The parsed {@code tokenizer_config.json}, if the model has one. */
  public Optional<JsonNode> tokenizerConfig() {
    return optionalJson("tokenizer_config.json");
  }

  /**
   * The texts that the tokenizer takes as one token each, as {@code tokenizer.json} lists them.
   *
   * @throws MedVolException INVALID_INPUT if the file cannot be read
   */
  public List<AddedToken> addedTokens() {
    try {
      return AddedToken.read(tokenizerFile());
    } catch (IOException e) {
      throw unreadable(tokenizerFile(), e);
    }
  }

  public Path tokenizerFile() {
    return root.resolve("tokenizer.json");
  }

  /** The safetensors files that together hold the weights, sorted by name; at least one. */
  public List<Path> weightFiles() {
    return weightFiles;
  }

  /**
   * The Jinja chat template: {@code chat_template.jinja} if there, else the one inside {@code
   * chat_template.json}, {@code processor_config.json} or {@code tokenizer_config.json}.
   */
  public String chatTemplate() {
    Path jinja = root.resolve("chat_template.jinja");
    if (Files.exists(jinja)) {
      return readText(jinja);
    }
    return optionalJson("chat_template.json")
        .flatMap(ModelDirectory::template)
        .or(() -> optionalJson(PROCESSOR).flatMap(ModelDirectory::template))
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

  private static void requireUnquantised(Path root, JsonNode config) {
    for (JsonNode holder : List.of(config, config.path("text_config"))) {
      for (String name : QUANTISATION) {
        JsonNode quantisation = holder.path(name);
        if (quantisation.isObject() && !quantisation.isEmpty()) {
          String method = quantisation.path("quant_method").asText("of an unnamed method");
          throw new MedVolException(
              ErrorCode.INVALID_INPUT,
              root.resolve(CONFIG)
                  + " says that the weights are quantised ("
                  + name
                  + ": "
                  + method
                  + "), which is not supported: expected F32, BF16 or F16. Give the model it was"
                  + " made from, or one saved after transformers' model.dequantize()");
        }
      }
    }
  }

  private Optional<JsonNode> optionalJson(String name) {
    return optionalJson(root, name);
  }

  private static Optional<JsonNode> optionalJson(Path root, String name) {
    Path file = root.resolve(name);
    return Files.isRegularFile(file) ? Optional.of(readJson(file)) : Optional.empty();
  }

  static JsonNode readJson(Path file) {
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
    LocalStorage.requireFile(file);
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
