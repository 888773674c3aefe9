package io.medvol.model.qwen;

import com.fasterxml.jackson.databind.JsonNode;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the {@code config.json} of a Qwen3-VL model in the notations of transformers 4 ({@code
 * rope_scaling}, {@code rope_theta}) and 5 ({@code rope_parameters}). What the network cannot
 * compute is refused with INVALID_INPUT.
 */
final class QwenConfigReader {
  /** No size of a real model comes near; products of two stay inside a long. */
  private static final int LARGEST = 1 << 24;

  private final String source;

  private QwenConfigReader(String source) {
    this.source = source;
  }

  /**
   * @param source the file's name, for messages
   */
  static QwenConfig read(JsonNode json, String source) {
    return new QwenConfigReader(source).config(json);
  }

  private QwenConfig config(JsonNode json) {
    requireText(json, "model_type", "qwen3_vl");
    JsonNode textJson = object(json, "text_config");
    QwenConfig.Text text = text(textJson);
    QwenConfig.Vision vision = vision(object(json, "vision_config"));
    if (vision.outHidden() != text.hidden()) {
      throw invalid(
          "vision_config.out_hidden_size is "
              + vision.outHidden()
              + ", but the decoder's"
              + " hidden_size is "
              + text.hidden());
    }
    if (vision.deepstackLayers().size() > text.layers()) {
      throw invalid("deepstack_visual_indexes has more entries than the decoder has layers");
    }
    QwenConfig.SpecialTokens tokens =
        new QwenConfig.SpecialTokens(
            token(json, "image_token_id", text),
            token(json, "video_token_id", text),
            token(json, "vision_start_token_id", text),
            token(json, "vision_end_token_id", text));
    JsonNode tied =
        json.has("tie_word_embeddings")
            ? json.path("tie_word_embeddings")
            : textJson.path("tie_word_embeddings");
    return new QwenConfig(text, vision, tokens, tied.asBoolean(false));
  }

  private QwenConfig.Text text(JsonNode json) {
    requireText(json, "hidden_act", "silu");
    int hidden = size(json, "hidden_size");
    int heads = size(json, "num_attention_heads");
    int keyValueHeads = size(json, "num_key_value_heads");
    int headDim = json.has("head_dim") ? size(json, "head_dim") : hidden / heads;
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
        json.path("attention_bias").asBoolean(false),
        rotary(json, headDim));
  }

  private QwenConfig.Rotary rotary(JsonNode text, int headDim) {
    JsonNode newer = text.path("rope_parameters");
    JsonNode rope = newer.isObject() ? newer : object(text, "rope_scaling");
    if (rope.has("rope_type")) {
      requireText(rope, "rope_type", "default");
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
    FrequencyOrder order =
        rope.path("mrope_interleaved").asBoolean(false)
            ? FrequencyOrder.INTERLEAVED
            : FrequencyOrder.SECTIONED;
    JsonNode holder = rope.has("rope_theta") ? rope : text;
    return new QwenConfig.Rotary(positive(holder, "rope_theta"), sections, order);
  }

  private QwenConfig.Vision vision(JsonNode json) {
    requireText(json, "hidden_act", "gelu_pytorch_tanh");
    int depth = size(json, "depth");
    int hidden = size(json, "hidden_size");
    int heads = size(json, "num_heads");
    if (hidden % heads != 0 || hidden / heads % 4 != 0) {
      throw invalid(
          "vision_config.hidden_size "
              + hidden
              + " does not give "
              + heads
              + " heads a multiple of 4 each");
    }
    int positions = size(json, "num_position_embeddings");
    int side = (int) Math.round(Math.sqrt(positions));
    if (side * side != positions) {
      throw invalid("num_position_embeddings is " + positions + ": expected a square number");
    }
    List<Integer> deepstack = new ArrayList<>();
    for (JsonNode index : json.path("deepstack_visual_indexes")) {
      if (!index.canConvertToInt()
          || index.asInt() < 0
          || index.asInt() >= depth
          || deepstack.contains(index.asInt())) {
        throw invalid(
            "deepstack_visual_indexes is "
                + json.path("deepstack_visual_indexes")
                + ": expected different block numbers below "
                + depth);
      }
      deepstack.add(index.asInt());
    }
    JsonNode theta = json.path("rope_parameters").path("rope_theta");
    return new QwenConfig.Vision(
        depth,
        hidden,
        size(json, "intermediate_size"),
        heads,
        size(json, "out_hidden_size"),
        size(json, "in_channels"),
        size(json, "patch_size"),
        size(json, "temporal_patch_size"),
        size(json, "spatial_merge_size"),
        side,
        theta.isNumber() ? theta.asDouble() : 10_000,
        deepstack);
  }

  private JsonNode object(JsonNode json, String name) {
    JsonNode value = json.path(name);
    if (!value.isObject()) {
      throw invalid("it has no object " + name);
    }
    return value;
  }

  private int size(JsonNode json, String name) {
    JsonNode value = json.path(name);
    if (!value.isIntegralNumber() || value.asLong() < 1 || value.asLong() > LARGEST) {
      throw invalid(name + " is " + shown(value) + ": expected a whole number from 1");
    }
    return value.asInt();
  }

  private double positive(JsonNode json, String name) {
    JsonNode value = json.path(name);
    if (!value.isNumber() || !(value.asDouble() > 0) || Double.isInfinite(value.asDouble())) {
      throw invalid(name + " is " + shown(value) + ": expected a positive number");
    }
    return value.asDouble();
  }

  private int token(JsonNode json, String name, QwenConfig.Text text) {
    JsonNode value = json.path(name);
    if (!value.isIntegralNumber() || value.asLong() < 0 || value.asLong() >= text.vocabulary()) {
      throw invalid(
          name
              + " is "
              + shown(value)
              + ": expected a token id below vocab_size "
              + text.vocabulary());
    }
    return value.asInt();
  }

  private void requireText(JsonNode json, String name, String expected) {
    if (!expected.equals(json.path(name).asText())) {
      throw invalid(name + " is " + shown(json.path(name)) + ": expected \"" + expected + "\"");
    }
  }

  private static String shown(JsonNode value) {
    return value.isMissingNode() ? "absent" : value.toString();
  }

  private MedVolException invalid(String what) {
    return new MedVolException(
        ErrorCode.INVALID_INPUT, source + " does not describe a Qwen3-VL model: " + what);
  }
}
