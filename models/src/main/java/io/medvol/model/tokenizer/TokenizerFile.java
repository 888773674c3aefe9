package io.medvol.model.tokenizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads a {@code tokenizer.json} and admits it only if every operation it asks for is known to be
 * bounded. The native library cannot be interrupted, so nothing is tried there: the components are
 * those of the Qwen family, whose time and memory grow in proportion to the text.
 */
final class TokenizerFile {
  private static final int MAX_BYTES = 32 << 20;
  private static final int MAX_ENTRIES = 1 << 20;
  private static final int MAX_ADDED = 1 << 16;
  private static final int MAX_TOKEN_CHARACTERS = 1024;
  private static final int MAX_ID = 1 << 24;
  private static final int MAX_COMPONENT_NODES = 1000;
  private static final int MAX_NESTING = 64;

  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder().maxNestingDepth(MAX_NESTING).build())
              // The native library would take the last of two, or refuse them.
              .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
              .build());

  private final Path file;

  private TokenizerFile(Path file) {
    this.file = file;
  }

  /**
   * The content of the file, for the native library to read as it is.
   *
   * @throws MedVolException INVALID_INPUT if it is no tokenizer, or not one of the Qwen family
   */
  static byte[] read(Path file) {
    return new TokenizerFile(file).checked();
  }

  private byte[] checked() {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(MAX_BYTES + 1);
      if (content.length > MAX_BYTES) {
        throw refused("more than " + (MAX_BYTES >> 20) + " MiB", "a smaller file");
      }
      try (JsonParser parser = JSON.createParser(content)) {
        root(parser);
      }
      return content;
    } catch (IOException e) {
      String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw new MedVolException(
          ErrorCode.INVALID_INPUT, "Cannot read the tokenizer " + file + ": " + reason, e);
    }
  }

  private void root(JsonParser parser) throws IOException {
    expect(parser.nextToken() == JsonToken.START_OBJECT, "no object", "a JSON object");
    boolean hasModel = false;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "model" -> {
          model(parser);
          hasModel = true;
        }
        case "added_tokens" -> addedTokens(parser);
        case "normalizer", "pre_tokenizer", "post_processor", "decoder" -> {
          JsonNode component = component(parser);
          TokenizerParts.problem(field, component)
              .ifPresent(
                  problem -> {
                    throw refused(problem.found(), problem.expected());
                  });
        }
        default -> parser.skipChildren();
      }
    }
    expect(hasModel, "no model", "a model of the type BPE");
  }

  private void model(JsonParser parser) throws IOException {
    expect(parser.currentToken() == JsonToken.START_OBJECT, "no usable model", "an object");
    boolean isBpe = false;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "vocab" -> vocabulary(parser);
        case "merges" -> merges(parser);
        default -> {
          JsonNode value = component(parser);
          isBpe |= field.equals("type") && value.asText().equals("BPE");
          expect(
              TokenizerParts.isModelSetting(field, value),
              "the model setting " + field + " = " + shown(value.toString()),
              "the BPE of the Qwen family");
        }
      }
    }
    expect(isBpe, "a model without type", "a model of the type BPE");
  }

  private void vocabulary(JsonParser parser) throws IOException {
    expect(parser.currentToken() == JsonToken.START_OBJECT, "no usable vocab", "an object");
    int entries = 0;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      token(parser.currentName());
      id(parser.nextToken(), parser);
      entries = counted(entries, MAX_ENTRIES, "vocab");
    }
  }

  /** Each merge is a text with a blank between two tokens, or a list of two. */
  private void merges(JsonParser parser) throws IOException {
    expect(parser.currentToken() == JsonToken.START_ARRAY, "no usable merges", "a list");
    int entries = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() == JsonToken.START_ARRAY) {
        for (int side = 0; side < 2; side++) {
          expect(parser.nextToken() == JsonToken.VALUE_STRING, "a merge of no texts", "two tokens");
          token(parser.getText());
        }
        expect(parser.nextToken() == JsonToken.END_ARRAY, "a merge of more", "two tokens");
      } else {
        expect(parser.currentToken() == JsonToken.VALUE_STRING, "a merge of no text", "two tokens");
        token(parser.getText());
      }
      entries = counted(entries, MAX_ENTRIES, "merges");
    }
  }

  private void addedTokens(JsonParser parser) throws IOException {
    expect(parser.currentToken() == JsonToken.START_ARRAY, "no usable added_tokens", "a list");
    int entries = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      JsonNode token = component(parser);
      JsonNode content = token.path("content");
      expect(content.isTextual() && !content.asText().isEmpty(), "an added token", "its content");
      token(content.asText());
      expect(
          token.path("id").isIntegralNumber() && inRange(token.path("id").asLong(-1)),
          "the added token " + shown(content.asText()) + " without usable id",
          "one from 0 to " + (MAX_ID - 1));
      for (String flag : new String[] {"lstrip", "rstrip", "single_word"}) {
        expect(
            !token.path(flag).asBoolean(false),
            flag + " of the added token " + shown(content.asText()),
            "false, as in the tokenizers of the Qwen family");
      }
      entries = counted(entries, MAX_ADDED, "added_tokens");
    }
  }

  /** A part of the file as a tree, unless it is larger than any part of a sound one. */
  private JsonNode component(JsonParser parser) throws IOException {
    try (TokenBuffer copy = new TokenBuffer(parser, null)) {
      int depth = 0;
      int nodes = 0;
      do {
        nodes = counted(nodes, MAX_COMPONENT_NODES, "one part");
        JsonToken token = parser.currentToken();
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        copy.copyCurrentEvent(parser);
      } while (depth > 0 && hasNext(parser));
      return JSON.readTree(copy.asParser());
    }
  }

  /** The parser itself refuses a file that ends inside an object. */
  private static boolean hasNext(JsonParser parser) throws IOException {
    return parser.nextToken() != null;
  }

  private void token(String text) {
    expect(
        text.length() <= MAX_TOKEN_CHARACTERS,
        "a token of " + text.length() + " characters",
        "at most " + MAX_TOKEN_CHARACTERS);
  }

  private void id(JsonToken kind, JsonParser parser) throws IOException {
    expect(
        kind == JsonToken.VALUE_NUMBER_INT
            && parser.getNumberType() == JsonParser.NumberType.INT
            && inRange(parser.getIntValue()),
        "the id " + shown(parser.getText()) + " in its vocab",
        "numbers from 0 to " + (MAX_ID - 1));
  }

  private static boolean inRange(long id) {
    return id >= 0 && id < MAX_ID;
  }

  private int counted(int before, int most, String what) {
    expect(before < most, "more than " + most + " entries in " + what, "at most that many");
    return before + 1;
  }

  private void expect(boolean holds, String found, String expected) {
    if (!holds) {
      throw refused(found, expected);
    }
  }

  private MedVolException refused(String found, String expected) {
    return new MedVolException(
        ErrorCode.INVALID_INPUT,
        "Cannot read the tokenizer " + file + ": it has " + found + ", expected " + expected);
  }

  private static String shown(String text) {
    return TokenizerParts.shown(text);
  }
}
