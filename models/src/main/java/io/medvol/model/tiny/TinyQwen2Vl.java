package io.medvol.model.tiny;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.medvol.model.directory.ModelDirectory;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Writes a complete tiny Qwen2-VL model directory, the base of Med-R1: rotary positions in the
 * tower, biased query, key and value projections, sectioned M-RoPE, tied embeddings, random
 * weights. Of the configuration, DeepStack does not apply. Equal configurations give equal bytes.
 */
public final class TinyQwen2Vl {
  private TinyQwen2Vl() {}

  /** Writes the model into a folder, which is made if absent, and opens it. */
  public static ModelDirectory write(TinyPolicyConfig config, Path folder) throws IOException {
    TinyVocabulary vocabulary = new TinyVocabulary(config.phrases());
    return new TinyModelFiles(
            vocabulary,
            config(config, vocabulary),
            TinyQwen3Vl.generationConfig(vocabulary),
            preprocessorConfig(config),
            TinyWeights.drawQwen2(config, vocabulary.size()))
        .write(folder);
  }

  private static ObjectNode config(TinyPolicyConfig config, TinyVocabulary vocabulary) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.putArray("architectures").add("Qwen2VLForConditionalGeneration");
    root.put("model_type", "qwen2_vl");
    root.put("attention_dropout", 0.0);
    root.put("bos_token_id", vocabulary.id(TinyVocabulary.END_OF_TEXT));
    root.put("eos_token_id", vocabulary.id(TinyVocabulary.END_OF_TURN));
    root.put("vision_start_token_id", vocabulary.id(TinyVocabulary.VISION_START));
    root.put("vision_end_token_id", vocabulary.id(TinyVocabulary.VISION_END));
    root.put("image_token_id", vocabulary.id(TinyVocabulary.IMAGE));
    root.put("video_token_id", vocabulary.id(TinyVocabulary.VIDEO));
    root.put("hidden_act", "silu");
    root.put("hidden_size", config.hiddenSize());
    root.put("head_dim", config.headDim());
    root.put("intermediate_size", config.intermediateSize());
    root.put("num_hidden_layers", config.layers());
    root.put("num_attention_heads", config.heads());
    root.put("num_key_value_heads", config.keyValueHeads());
    root.put("initializer_range", 0.02);
    root.put("max_position_embeddings", TinyQwen3Vl.MAX_POSITIONS);
    root.put("rms_norm_eps", 1e-6).put("rope_theta", config.ropeTheta());
    // Rows and columns get three eighths of the frequencies each, time a quarter, as on the hub.
    int space = config.headDim() / 2 * 3 / 8;
    ObjectNode rope = root.putObject("rope_scaling");
    rope.put("type", "mrope");
    rope.putArray("mrope_section").add(config.headDim() / 2 - 2 * space).add(space).add(space);
    root.put("tie_word_embeddings", true).put("torch_dtype", "float32").put("use_cache", true);
    root.put("use_sliding_window", false);
    root.put("vocab_size", vocabulary.size());
    ObjectNode vision = root.putObject("vision_config");
    vision.put("model_type", "qwen2_vl");
    vision.put("depth", config.visionBlocks());
    vision.put("embed_dim", config.visionWidth());
    vision.put("hidden_size", config.hiddenSize());
    vision.put("mlp_ratio", config.visionIntermediateSize() / (double) config.visionWidth());
    vision.put("num_heads", config.visionHeads());
    vision.put("in_chans", 3).put("patch_size", config.patchSize());
    vision.put("spatial_patch_size", config.patchSize());
    vision.put("spatial_merge_size", TinyPolicyConfig.MERGE_SIZE).put("temporal_patch_size", 2);
    return root;
  }

  private static ObjectNode preprocessorConfig(TinyPolicyConfig config) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    int pixels = config.imageSide() * config.imageSide();
    root.put("min_pixels", pixels).put("max_pixels", pixels);
    root.put("patch_size", config.patchSize());
    root.put("temporal_patch_size", 2).put("merge_size", TinyPolicyConfig.MERGE_SIZE);
    root.putArray("image_mean").add(0.48145466).add(0.4578275).add(0.40821073);
    root.putArray("image_std").add(0.26862954).add(0.26130258).add(0.27577711);
    root.put("processor_class", "Qwen2VLProcessor");
    root.put("image_processor_type", "Qwen2VLImageProcessor");
    return root;
  }
}
