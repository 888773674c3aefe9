package io.medvol.model.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.policy.TokenIds;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The tokenizer of a model directory ({@code tokenizer.json}), with the ids that end and pad its
 * sequences. Thread-safe; {@link #close} frees the native tokenizer.
 */
public final class PolicyTokenizer implements AutoCloseable {
  private static final long MAX_BYTES = 1 << 19;

  private final HuggingFaceTokenizer tokenizer;
  private final ModelDirectory directory;
  private final TokenIds endIds;
  private final int endOfTurn;
  private final int padId;

  private PolicyTokenizer(HuggingFaceTokenizer tokenizer, ModelDirectory directory) {
    this.tokenizer = tokenizer;
    this.directory = directory;
    JsonNode generation = directory.generationConfig().orElseGet(directory::config);
    this.endIds = findEndIds();
    this.endOfTurn = endOfTurn();
    JsonNode pad = generation.path("pad_token_id");
    this.padId = pad.canConvertToInt() ? pad.asInt() : endIds.at(endIds.length() - 1);
  }

  /**
   * Loads the tokenizer of a model.
   *
   * @throws MedVolException INVALID_INPUT if its files are not those of a tokenizer of the Qwen
   *     family
   */
  public static PolicyTokenizer open(ModelDirectory directory) {
    byte[] content = TokenizerFile.read(directory.tokenizerFile());
    HuggingFaceTokenizer tokenizer;
    try {
      tokenizer =
          HuggingFaceTokenizer.newInstance(
              new ByteArrayInputStream(content),
              Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false"));
    } catch (IOException | RuntimeException e) {
      // The native library reports a bad file with a plain RuntimeException.
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "Cannot read the tokenizer " + directory.tokenizerFile() + ": " + e.getMessage(),
          e);
    }
    try {
      return new PolicyTokenizer(tokenizer, directory);
    } catch (MedVolException e) {
      tokenizer.close();
      throw e;
    }
  }

  /**
   * Ids of a text as it stands; markup such as {@code <|im_end|>} becomes its own token.
   *
   * @throws MedVolException INVALID_INPUT if the text is longer than any prompt
   */
  public TokenIds encode(String text) {
    // A token takes at least one byte, and more than a hundred bytes of the heap while it is made.
    long bytes = text.codePoints().mapToLong(PolicyTokenizer::bytes).sum();
    if (bytes > MAX_BYTES) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "A text of "
              + bytes
              + " bytes is to become tokens: expected at most "
              + MAX_BYTES
              + "; shorten the question or the chat template");
    }
    if (text.isEmpty()) {
      return TokenIds.of();
    }
    long[] wide = tokenizer.encode(text, false, false).getIds();
    int[] ids = new int[wide.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = Math.toIntExact(wide[i]);
    }
    return TokenIds.of(ids);
  }

  /** The text of the ids without special tokens; {@code <think>} is an ordinary one and stays. */
  public String decode(TokenIds tokens) {
    return tokens.length() == 0 ? "" : tokenizer.decode(wide(tokens), true);
  }

  /** The text of the ids with special tokens. */
  public String decodeWithSpecialTokens(TokenIds tokens) {
    return tokens.length() == 0 ? "" : tokenizer.decode(wide(tokens), false);
  }

  /** The id of a text that is one token, such as {@code <|image_pad|>}. */
  public OptionalInt find(String token) {
    TokenIds ids = encode(token);
    return ids.length() == 1 ? OptionalInt.of(ids.at(0)) : OptionalInt.empty();
  }

  /**
   * As {@link #find} for a token the model cannot do without.
   *
   * @throws MedVolException INVALID_INPUT if the text is not one token
   */
  public int require(String token) {
    return find(token)
        .orElseThrow(
            () ->
                new MedVolException(
                    ErrorCode.INVALID_INPUT,
                    directory.tokenizerFile()
                        + " has no token "
                        + token
                        + ": expected a tokenizer of the Qwen-VL family"));
  }

  /** The ids after which generation stops, in the order of the configuration; at least one. */
  public TokenIds endIds() {
    return endIds;
  }

  /** The id that ends a turn: that of {@code <|im_end|>}, else the first end id. */
  public int endOfTurnId() {
    return endOfTurn;
  }

  public int padId() {
    return padId;
  }

  @Override
  public void close() {
    tokenizer.close();
  }

  private int endOfTurn() {
    OptionalInt marked = find("<|im_end|>");
    return marked.isPresent() ? marked.getAsInt() : endIds.at(0);
  }

  /** The first of the files that names an end decides; one of them may leave it to the next. */
  private TokenIds findEndIds() {
    Map<String, JsonNode> places = new LinkedHashMap<>();
    directory
        .generationConfig()
        .ifPresent(generation -> places.put("generation_config.json", generation));
    places.put("config.json", directory.config());
    places.put("text_config of config.json", directory.config().path("text_config"));
    for (Map.Entry<String, JsonNode> place : places.entrySet()) {
      JsonNode end = place.getValue().path("eos_token_id");
      if (!end.isMissingNode() && !end.isNull() && !(end.isArray() && end.isEmpty())) {
        return endIds(end, place.getKey());
      }
    }
    return directory
        .tokenizerConfig()
        .map(config -> config.path("eos_token"))
        .map(token -> token.isObject() ? token.path("content") : token)
        .filter(JsonNode::isTextual)
        .map(token -> TokenIds.of(require(token.asText())))
        .orElseThrow(() -> noEnd("config.json"));
  }

  private TokenIds endIds(JsonNode end, String place) {
    LinkedHashSet<Integer> ids = new LinkedHashSet<>();
    for (JsonNode id : end.isArray() ? end : List.of(end)) {
      if (!id.canConvertToInt() || id.asInt() < 0) {
        throw noEnd(place);
      }
      ids.add(id.asInt());
    }
    return TokenIds.of(ids.stream().mapToInt(Integer::intValue).toArray());
  }

  private MedVolException noEnd(String place) {
    return new MedVolException(
        ErrorCode.INVALID_INPUT,
        directory.root()
            + ": "
            + place
            + " has no usable eos_token_id: expected a token id or a list of them");
  }

  private static int bytes(int codePoint) {
    return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
  }

  private static long[] wide(TokenIds tokens) {
    long[] ids = new long[tokens.length()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = tokens.at(i);
    }
    return ids;
  }
}
