package io.medvol.model.qwen;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * What transformers' configuration classes take where a part of {@code config.json} leaves a
 * setting out, as its {@code save_pretrained} did for values that are those of the class (4.45 to
 * 4.51). The rotary base of Qwen3-VL is not among them: it is 5,000,000 in transformers 4 and
 * 500,000 in 5.
 */
enum ClassDefaults {
  QWEN2_TEXT(
      """
      {"vocab_size": 152064, "hidden_size": 8192, "intermediate_size": 29568,
       "num_hidden_layers": 80, "num_attention_heads": 64, "num_key_value_heads": 8,
       "hidden_act": "silu", "rms_norm_eps": 1e-05, "rope_theta": 1000000.0}
      """),
  QWEN3_TEXT(
      """
      {"vocab_size": 151936, "hidden_size": 4096, "intermediate_size": 22016,
       "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 32,
       "head_dim": 128, "hidden_act": "silu", "rms_norm_eps": 1e-06, "mrope_interleaved": true}
      """),
  QWEN2_VISION(
      """
      {"depth": 32, "embed_dim": 1280, "hidden_size": 3584, "hidden_act": "quick_gelu",
       "mlp_ratio": 4, "num_heads": 16, "in_channels": 3, "patch_size": 14,
       "spatial_merge_size": 2, "temporal_patch_size": 2}
      """),
  QWEN2_5_VISION(
      """
      {"depth": 32, "hidden_size": 3584, "hidden_act": "silu", "intermediate_size": 3420,
       "num_heads": 16, "in_channels": 3, "patch_size": 14, "spatial_merge_size": 2,
       "temporal_patch_size": 2, "tokens_per_second": 4, "window_size": 112,
       "out_hidden_size": 3584, "fullatt_block_indexes": [7, 15, 23, 31]}
      """),
  QWEN3_VISION(
      """
      {"depth": 27, "hidden_size": 1152, "hidden_act": "gelu_pytorch_tanh",
       "intermediate_size": 4304, "num_heads": 16, "in_channels": 3, "patch_size": 16,
       "spatial_merge_size": 2, "temporal_patch_size": 2, "out_hidden_size": 3584,
       "num_position_embeddings": 2304, "deepstack_visual_indexes": [8, 16, 24]}
      """);

  private final ObjectNode values;

  ClassDefaults(String json) {
    try {
      this.values = (ObjectNode) new ObjectMapper().readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ClassDefaults vision(TowerStyle style) {
    return switch (style) {
      case QWEN2_VL -> QWEN2_VISION;
      case QWEN2_5_VL -> QWEN2_5_VISION;
      case QWEN3_VL -> QWEN3_VISION;
    };
  }

  /** The part with the settings it leaves out; a setting that is null stays so. */
  JsonNode fill(JsonNode part) {
    ObjectNode filled = values.deepCopy();
    if (part.has("in_chans")) {
      filled.remove("in_channels");
    }
    part.properties().forEach(setting -> filled.set(setting.getKey(), setting.getValue()));
    return filled;
  }
}
