package io.medvol.model.qwen;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.model.directory.AddedToken;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Reads the {@code config.json} of a Qwen2-VL, Qwen2.5-VL or Qwen3-VL model: with the decoder's
 * settings at the top level or in {@code text_config}, and rotary positions in the notation of
 * transformers 4 ({@code rope_scaling}, {@code rope_theta}) or 5 ({@code rope_parameters}). What a
 * file leaves out has the value of transformers' configuration class, or of the tokenizer. What the
 * network cannot compute is refused with INVALID_INPUT.
 */
final class QwenConfigReader {
  /** No size of a real model comes near; products of two stay inside a long. */
  private static final int LARGEST = 1 << 24;

  private final String source;
  private final Supplier<List<AddedToken>> tokenizer;

  private QwenConfigReader(String source, Supplier<List<AddedToken>> tokenizer) {
    this.source = source;
    this.tokenizer = tokenizer;
  }

  /**
   * @param source the file's name, for messages
   */
  static QwenConfig read(JsonNode json, String source) {
    return read(json, source, List::of);
  }

  /**
   * @param tokenizer the added tokens, asked for where the file lacks the id of one
   */
  static QwenConfig read(JsonNode json, String source, Supplier<List<AddedToken>> tokenizer) {
    return new QwenConfigReader(source, tokenizer).config(json);
  }

  private QwenConfig config(JsonNode json) {
    String type = json.path("model_type").asText();
    return switch (type) {
      case "qwen2_vl", "qwen2_5_vl" -> {
        JsonNode textJson =
            ClassDefaults.QWEN2_TEXT.fill(
                json.has("text_config") ? object(json, "text_config") : json);
        QwenConfig.Attention attention = new QwenConfig.Attention(true, false, false);
        if (textJson.path("use_sliding_window").asBoolean(false)) {
          throw invalid("use_sliding_window is true: expected full attention");
        }
        yield config(
            json,
            textJson,
            attention,
            type.equals("qwen2_vl") ? TowerStyle.QWEN2_VL : TowerStyle.QWEN2_5_VL,
            HubNames.QWEN2);
      }
      case "qwen3_vl" -> {
        JsonNode textJson = ClassDefaults.QWEN3_TEXT.fill(object(json, "text_config"));
        boolean bias = textJson.path("attention_bias").asBoolean(false);
        yield config(
            json,
            textJson,
            new QwenConfig.Attention(bias, bias, true),
            TowerStyle.QWEN3_VL,
            HubNames.QWEN3);
      }
      default ->
          throw invalid(
              "model_type is "
                  + shown(json.path("model_type"))
                  + ": expected qwen2_vl, qwen2_5_vl or qwen3_vl");
    };
  }

  private QwenConfig config(
      JsonNode json,
      JsonNode textJson,
      QwenConfig.Attention attention,
      TowerStyle style,
      HubNames names) {
    QwenConfig.Text text = text(textJson, attention);
    QwenConfig.Vision vision =
        new VisionConfigReader(
                this, ClassDefaults.vision(style).fill(object(json, "vision_config")), style)
            .read();
    if (vision.outHidden() != text.hidden()) {
      throw invalid(
          "vision_config."
              + VisionConfigReader.outName(style)
              + " is "
              + vision.outHidden()
              + ", but the decoder's hidden_size is "
              + text.hidden());
    }
    if (vision.deepstackLayers().size() > text.layers()) {
      throw invalid("deepstack_visual_indexes has more entries than the decoder has layers");
    }
    QwenConfig.SpecialTokens tokens =
        new QwenConfig.SpecialTokens(
            token(json, "image_token_id", "<|image_pad|>", text),
            token(json, "video_token_id", "<|video_pad|>", text),
            token(json, "vision_start_token_id", "<|vision_start|>", text),
            token(json, "vision_end_token_id", "<|vision_end|>", text));
    JsonNode tied =
        json.has("tie_word_embeddings")
            ? json.path("tie_word_embeddings")
            : textJson.path("tie_word_embeddings");
    return new QwenConfig(text, vision, tokens, tied.asBoolean(false), names);
  }

  private QwenConfig.Text text(JsonNode json, QwenConfig.Attention attention) {
    String activation = json.path("hidden_act").asText();
    if (!activation.equals("silu")) {
      throw invalid("hidden_act is " + shown(json.path("hidden_act")) + ": expected \"silu\"");
    }
    int hidden = size(json, "hidden_size");
    int heads = size(json, "num_attention_heads");
    int keyValueHeads = size(json, "num_key_value_heads");
    int headDim = json.hasNonNull("head_dim") ? size(json, "head_dim") : hidden / heads;
    if (heads % keyValueHeads != 0 || headDim % 2 != 0) {
      throw invalid(
          heads
              + " attention heads do not share "
              + keyValueHeads
              + " key heads evenly, or"
              + " head_dim "
              + headDim
              + " is odd");
    }
    return new QwenConfig.Text(
        size(json, "num_hidden_layers"),
        hidden,
        size(json, "intermediate_size"),
        heads,
        keyValueHeads,
        headDim,
        size(json, "vocab_size"),
        positive(json, "rms_norm_eps"),
        attention,
        rotary(json, headDim));
  }

  private QwenConfig.Rotary rotary(JsonNode text, int headDim) {
    JsonNode newer = text.path("rope_parameters");
    JsonNode rope = newer.isObject() ? newer : object(text, "rope_scaling");
    // The first notation calls the kind "type", and the plain one "mrope".
    String kind = rope.path("rope_type").asText(rope.path("type").asText("default"));
    if (!kind.equals("default") && !kind.equals("mrope")) {
      throw invalid("rope_type is \"" + kind + "\": expected \"default\"");
    }
    List<Integer> sections = new ArrayList<>();
    rope.path("mrope_section").forEach(section -> sections.add(section.asInt(-1)));
    int sum = sections.stream().mapToInt(Integer::intValue).sum();
    if (sections.size() != 3 || sections.stream().anyMatch(s -> s < 0) || sum != headDim / 2) {
      throw invalid(
          "mrope_section is "
              + rope.path("mrope_section")
              + ": expected three counts that add up"
              + " to head_dim / 2 = "
              + headDim / 2);
    }
    // Transformers' Qwen3-VL interleaves whether the file says so or not.
    FrequencyOrder order =
        rope.path("mrope_interleaved").asBoolean(text.path("mrope_interleaved").asBoolean(false))
            ? FrequencyOrder.INTERLEAVED
            : FrequencyOrder.SECTIONED;
    JsonNode holder = rope.hasNonNull("rope_theta") ? rope : text;
    return new QwenConfig.Rotary(positive(holder, "rope_theta"), sections, order);
  }

  JsonNode object(JsonNode json, String name) {
    JsonNode value = json.path(name);
    if (!value.isObject()) {
      throw invalid("it has no object " + name);
    }
    return value;
  }

  int size(JsonNode json, String name) {
    JsonNode value = json.path(name);
    if (!isWhole(value) || value.asLong() < 1 || value.asLong() > LARGEST) {
      throw invalid(name + " is " + shown(value) + ": expected a whole number from 1");
    }
    return value.asInt();
  }

  /** A number beyond 64 bits would otherwise be cut to some smaller one. */
  private static boolean isWhole(JsonNode value) {
    return value.isIntegralNumber() && value.canConvertToLong();
  }

  double positive(JsonNode json, String name) {
    JsonNode value = json.path(name);
    if (!value.isNumber() || !(value.asDouble() > 0) || Double.isInfinite(value.asDouble())) {
      throw invalid(name + " is " + shown(value) + ": expected a positive number");
    }
    return value.asDouble();
  }

  private int token(JsonNode json, String name, String content, QwenConfig.Text text) {
    JsonNode value = json.path(name);
    if (value.isMissingNode() || value.isNull()) {
      value =
          tokenizer.get().stream()
              .filter(token -> token.content().equals(content))
              .findFirst()
              .<JsonNode>map(token -> IntNode.valueOf(token.id()))
              .orElse(value);
    }
    if (!isWhole(value) || value.asLong() < 0 || value.asLong() >= text.vocabulary()) {
      throw invalid(
          name
              + " is "
              + shown(value)
              + ": expected a token id below vocab_size "
              + text.vocabulary());
    }
    return value.asInt();
  }

  static String shown(JsonNode value) {
    return value.isMissingNode() ? "absent" : value.toString();
  }

  MedVolException invalid(String what) {
    return new MedVolException(
        ErrorCode.INVALID_INPUT, source + " does not describe a Qwen-VL model: " + what);
  }
}
