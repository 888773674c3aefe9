package io.medvol.model.tiny;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.medvol.model.directory.ModelDirectory;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Writes a complete tiny Qwen3-VL model directory: the architecture of the hub's models with
 * DeepStack, interleaved M-RoPE and tied embeddings, random weights, and a tokenizer with which an
 * answer takes about twenty tokens. Equal configurations give equal bytes.
 */
public final class TinyQwen3Vl {
  static final int MAX_POSITIONS = 32_768;

  /** Grey of soft tissue and how far organs differ in it: what air and bone take is not theirs. */
  private static final double GREY_MEAN = 0.6;

  private static final double GREY_STD = 0.2;

  private TinyQwen3Vl() {}

  /** Writes the model into a folder, which is made if absent, and opens it. */
  public static ModelDirectory write(TinyPolicyConfig config, Path folder) throws IOException {
    TinyVocabulary vocabulary = new TinyVocabulary(config.phrases());
    return new TinyModelFiles(
            vocabulary,
            config(config, vocabulary),
            generationConfig(vocabulary),
            preprocessorConfig(config),
            TinyWeights.draw(config, vocabulary))
        .write(folder);
  }

  private static ObjectNode config(TinyPolicyConfig config, TinyVocabulary vocabulary) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.putArray("architectures").add("Qwen3VLForConditionalGeneration");
    root.put("model_type", "qwen3_vl");
    root.put("image_token_id", vocabulary.id(TinyVocabulary.IMAGE));
    root.put("video_token_id", vocabulary.id(TinyVocabulary.VIDEO));
    root.put("vision_start_token_id", vocabulary.id(TinyVocabulary.VISION_START));
    root.put("vision_end_token_id", vocabulary.id(TinyVocabulary.VISION_END));
    root.put("tie_word_embeddings", true);
    ObjectNode text = root.putObject("text_config");
    text.put("model_type", "qwen3_vl_text");
    text.put("attention_bias", false).put("attention_dropout", 0.0);
    text.put("bos_token_id", vocabulary.id(TinyVocabulary.END_OF_TEXT));
    text.put("eos_token_id", vocabulary.id(TinyVocabulary.END_OF_TURN));
    text.put("dtype", "float32");
    text.put("hidden_act", "silu");
    text.put("hidden_size", config.hiddenSize());
    text.put("intermediate_size", config.intermediateSize());
    text.put("num_hidden_layers", config.layers());
    text.put("num_attention_heads", config.heads());
    text.put("num_key_value_heads", config.keyValueHeads());
    text.put("head_dim", config.headDim());
    text.put("initializer_range", 0.02);
    text.put("max_position_embeddings", MAX_POSITIONS);
    text.put("rms_norm_eps", 1e-6);
    text.put("rope_theta", config.ropeTheta());
    // Rows and columns get a third of the frequencies each, time the rest, as in the large models.
    int third = config.headDim() / 2 / 3;
    ObjectNode rope = text.putObject("rope_scaling");
    rope.put("rope_type", "default").put("mrope_interleaved", true);
    rope.putArray("mrope_section").add(config.headDim() / 2 - 2 * third).add(third).add(third);
    text.put("tie_word_embeddings", true).put("use_cache", true);
    text.put("vocab_size", vocabulary.size());
    ObjectNode vision = root.putObject("vision_config");
    vision.put("model_type", "qwen3_vl");
    vision.put("depth", config.visionBlocks());
    vision.put("hidden_size", config.visionWidth());
    vision.put("intermediate_size", config.visionIntermediateSize());
    vision.put("num_heads", config.visionHeads());
    vision.put("out_hidden_size", config.hiddenSize());
    vision.put("in_channels", 3).put("hidden_act", "gelu_pytorch_tanh");
    vision.put("initializer_range", 0.02);
    vision.put("patch_size", config.patchSize());
    vision.put("spatial_merge_size", TinyPolicyConfig.MERGE_SIZE).put("temporal_patch_size", 2);
    vision.put("num_position_embeddings", config.patchesPerSide() * config.patchesPerSide());
    vision.putArray("deepstack_visual_indexes").add(0);
    return root;
  }

  static ObjectNode generationConfig(TinyVocabulary vocabulary) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("bos_token_id", vocabulary.id(TinyVocabulary.END_OF_TEXT)).put("do_sample", false);
    root.putArray("eos_token_id")
        .add(vocabulary.id(TinyVocabulary.END_OF_TURN))
        .add(vocabulary.id(TinyVocabulary.END_OF_TEXT));
    root.put("pad_token_id", vocabulary.id(TinyVocabulary.END_OF_TEXT));
    return root;
  }

  private static ObjectNode preprocessorConfig(TinyPolicyConfig config) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    int pixels = config.imageSide() * config.imageSide();
    root.putObject("size").put("shortest_edge", pixels).put("longest_edge", pixels);
    root.put("patch_size", config.patchSize());
    root.put("temporal_patch_size", 2).put("merge_size", TinyPolicyConfig.MERGE_SIZE);
    root.putArray("image_mean").add(GREY_MEAN).add(GREY_MEAN).add(GREY_MEAN);
    root.putArray("image_std").add(GREY_STD).add(GREY_STD).add(GREY_STD);
    root.put("processor_class", "Qwen3VLProcessor");
    root.put("image_processor_type", "Qwen2VLImageProcessorFast");
    return root;
  }
}
