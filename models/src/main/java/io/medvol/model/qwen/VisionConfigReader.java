package io.medvol.model.qwen;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Reads the object {@code vision_config} of a {@code config.json}. */
final class VisionConfigReader {
  private static final double USUAL_THETA = 10_000;

  private final QwenConfigReader reader;
  private final JsonNode json;
  private final TowerStyle style;
  private final int depth;

  VisionConfigReader(QwenConfigReader reader, JsonNode json, TowerStyle style) {
    this.reader = reader;
    this.json = json;
    this.style = style;
    this.depth = reader.size(json, "depth");
  }

  /** What the file calls the width of the tower's output: Qwen2-VL differs. */
  static String outName(TowerStyle style) {
    return style == TowerStyle.QWEN2_VL ? "hidden_size" : "out_hidden_size";
  }

  QwenConfig.Vision read() {
    boolean qwen2 = style == TowerStyle.QWEN2_VL;
    int hidden = reader.size(json, qwen2 ? "embed_dim" : "hidden_size");
    int heads = reader.size(json, "num_heads");
    if (hidden % heads != 0 || hidden / heads % 4 != 0) {
      throw reader.invalid(
          "vision_config."
              + (qwen2 ? "embed_dim " : "hidden_size ")
              + hidden
              + " does not give "
              + heads
              + " heads a multiple of 4 each");
    }
    JsonNode theta = json.path("rope_parameters").path("rope_theta");
    return new QwenConfig.Vision(
        style,
        activation(),
        depth,
        hidden,
        qwen2
            ? (int) (hidden * reader.positive(json, "mlp_ratio"))
            : reader.size(json, "intermediate_size"),
        heads,
        reader.size(json, outName(style)),
        reader.size(json, json.has("in_channels") ? "in_channels" : "in_chans"),
        reader.size(json, "patch_size"),
        reader.size(json, "temporal_patch_size"),
        reader.size(json, "spatial_merge_size"),
        style.learnsPositions() ? gridSide() : 0,
        theta.isNumber() ? theta.asDouble() : USUAL_THETA,
        json.has("deepstack_visual_indexes") ? blocks("deepstack_visual_indexes") : List.of(),
        style == TowerStyle.QWEN2_5_VL ? windows() : QwenConfig.Windows.NONE,
        style == TowerStyle.QWEN2_5_VL
            ? OptionalDouble.of(reader.positive(json, "tokens_per_second"))
            : OptionalDouble.empty());
  }

  private Activation activation() {
    JsonNode name = json.path("hidden_act");
    if (name.isMissingNode()) {
      return style.usualActivation();
    }
    // A gated MLP is defined with silu; the others may use any GELU.
    return Activation.named(name.asText())
        .filter(one -> (one == Activation.SILU) == (style.usualActivation() == Activation.SILU))
        .orElseThrow(
            () ->
                reader.invalid(
                    "vision_config.hidden_act is "
                        + QwenConfigReader.shown(name)
                        + ": expected \""
                        + style.usualActivation().configName()
                        + "\""));
  }

  private int gridSide() {
    int positions = reader.size(json, "num_position_embeddings");
    int side = (int) Math.round(Math.sqrt(positions));
    if (side * side != positions) {
      throw reader.invalid(
          "num_position_embeddings is " + positions + ": expected a square number");
    }
    return side;
  }

  private QwenConfig.Windows windows() {
    int window = reader.size(json, "window_size");
    long merged = (long) reader.size(json, "patch_size") * reader.size(json, "spatial_merge_size");
    if (window < merged) {
      throw reader.invalid(
          "window_size is " + window + ": expected at least one merged patch of " + merged);
    }
    return new QwenConfig.Windows((int) (window / merged), blocks("fullatt_block_indexes"));
  }

  private List<Integer> blocks(String name) {
    List<Integer> blocks = new ArrayList<>();
    for (JsonNode index : json.path(name)) {
      if (!index.canConvertToInt()
          || index.asInt() < 0
          || index.asInt() >= depth
          || blocks.contains(index.asInt())) {
        throw reader.invalid(
            name + " is " + json.path(name) + ": expected different block numbers below " + depth);
      }
      blocks.add(index.asInt());
    }
    return blocks;
  }
}
