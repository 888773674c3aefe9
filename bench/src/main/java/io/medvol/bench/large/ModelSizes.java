package io.medvol.bench.large;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The sizes of a Qwen2-VL model with a tied head and patches of 14 pixels.
 *
 * @param visionRatio width of the vision MLP in units of the tower's
 */
record ModelSizes(
    int hidden,
    int intermediate,
    int layers,
    int heads,
    int keyValueHeads,
    int vocabulary,
    int visionDepth,
    int visionHidden,
    int visionHeads,
    int visionRatio) {

  /** That of Qwen2-VL-2B. */
  static final ModelSizes TWO_BILLION =
      new ModelSizes(1536, 8960, 28, 12, 2, 151_936, 32, 1280, 16, 4);

  /** Large enough that computing outweighs everything else, small enough for a laptop. */
  static final ModelSizes SMALL = new ModelSizes(384, 1536, 6, 6, 2, 1024, 4, 256, 4, 3);

  /** About 150 million parameters, a sixth of them in the vocabulary. */
  static final ModelSizes MEDIUM = new ModelSizes(768, 3072, 12, 12, 2, 32_000, 12, 512, 8, 4);

  static ModelSizes named(String name) {
    return switch (name) {
      case "2b" -> TWO_BILLION;
      case "medium" -> MEDIUM;
      case "small" -> SMALL;
      default ->
          throw new IllegalArgumentException("No shape " + name + ": expected 2b, medium or small");
    };
  }

  /** Changes a parsed {@code config.json} of Qwen2-VL. */
  void applyTo(ObjectNode config) {
    config.put("hidden_size", hidden).put("intermediate_size", intermediate);
    config.put("num_hidden_layers", layers).put("max_window_layers", layers);
    config.put("num_attention_heads", heads).put("num_key_value_heads", keyValueHeads);
    config.put("vocab_size", vocabulary).put("tie_word_embeddings", true);
    int pairs = hidden / heads / 2;
    int side = pairs * 3 / 8;
    ((ObjectNode) config.get("rope_scaling"))
        .putArray("mrope_section")
        .add(pairs - 2 * side)
        .add(side)
        .add(side);
    ObjectNode vision = (ObjectNode) config.get("vision_config");
    vision.put("depth", visionDepth).put("embed_dim", visionHidden).put("num_heads", visionHeads);
    vision.put("mlp_ratio", visionRatio).put("hidden_size", hidden);
  }
}
