package io.medvol.model.tiny;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.weights.SafetensorsWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The files of a tiny model's directory, whatever its architecture.
 *
 * @param config content of {@code config.json}
 * @param preprocessorConfig content of {@code preprocessor_config.json}
 */
record TinyModelFiles(
    TinyVocabulary vocabulary,
    JsonNode config,
    JsonNode generationConfig,
    JsonNode preprocessorConfig,
    List<SafetensorsWriter.Tensor> weights) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Writes them into a folder, which is made if absent, and opens it. */
  ModelDirectory write(Path folder) throws IOException {
    TinyTokenizerFiles tokenizer = new TinyTokenizerFiles(vocabulary);
    Files.createDirectories(folder);
    write(folder.resolve("config.json"), config);
    write(folder.resolve("generation_config.json"), generationConfig);
    write(folder.resolve("preprocessor_config.json"), preprocessorConfig);
    write(folder.resolve("tokenizer.json"), tokenizer.tokenizer());
    write(folder.resolve("tokenizer_config.json"), tokenizer.tokenizerConfig());
    write(folder.resolve("chat_template.json"), tokenizer.chatTemplate());
    write(folder.resolve("vocab.json"), tokenizer.vocab());
    Files.writeString(folder.resolve("merges.txt"), "#version: 0.2\n");
    try (OutputStream out =
        new BufferedOutputStream(Files.newOutputStream(folder.resolve("model.safetensors")))) {
      SafetensorsWriter.write(weights, out);
    }
    return ModelDirectory.open(folder);
  }

  private static void write(Path file, JsonNode content) throws IOException {
    Files.writeString(
        file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(content) + "\n");
  }
}
