package io.medvol.model.sam2;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Names and shapes of all weights of a model, in the order of the official state dict. */
public final class Sam2Layout {
  private static final int TOKEN_MLP = 2048;
  private static final int IOU_HIDDEN = 256;
  private static final int MASK_TOKENS = 4;
  private static final int PROMPT_CHANNELS = 16;

  private final Map<String, List<Long>> shapes = new LinkedHashMap<>();
  private final Sam2Config config;
  private final int width;
  private final int memory;

  private Sam2Layout(Sam2Config config) {
    this.config = config;
    this.width = config.width();
    this.memory = config.memoryEncoder().width();
  }

  public static Map<String, List<Long>> of(Sam2Config config) {
    return new Sam2Layout(config).build();
  }

  private Map<String, List<Long>> build() {
    put("maskmem_tpos_enc", config.tracking().memories(), 1, 1, memory);
    put("no_mem_embed", 1, 1, width);
    put("no_mem_pos_enc", 1, 1, width);
    put("no_obj_ptr", 1, width);
    put("no_obj_embed_spatial", 1, memory);
    trunk();
    for (int level = 0; level < 4; level++) {
      convolution(
          "image_encoder.neck.convs." + level + ".conv",
          width,
          config.trunk().channels(3 - level),
          1);
    }
    convolution("mask_downsample", 1, 1, 4);
    memoryAttention();
    memoryEncoder();
    promptEncoder();
    maskDecoder();
    mlp("obj_ptr_proj", width, width, width, width);
    linear("obj_ptr_tpos_proj", memory, width);
    return shapes;
  }

  private void trunk() {
    Sam2Config.Trunk trunk = config.trunk();
    String prefix = "image_encoder.trunk.";
    int first = trunk.windows().get(0);
    put(
        prefix + "pos_embed",
        1,
        trunk.embedDim(),
        trunk.background().get(0),
        trunk.background().get(1));
    put(prefix + "pos_embed_window", 1, trunk.embedDim(), first, first);
    convolution(prefix + "patch_embed.proj", trunk.embedDim(), 3, 7);
    for (HieraBlock block : HieraBlock.all(trunk)) {
      String name = prefix + "blocks." + block.index() + ".";
      norm(name + "norm1", block.channelsIn());
      linear(name + "attn.qkv", 3 * block.channels(), block.channelsIn());
      linear(name + "attn.proj", block.channels(), block.channels());
      norm(name + "norm2", block.channels());
      mlp(name + "mlp", block.channels(), 4 * block.channels(), block.channels());
      if (block.projects()) {
        linear(name + "proj", block.channels(), block.channelsIn());
      }
    }
  }

  private void memoryAttention() {
    for (int layer = 0; layer < config.memoryAttention().layers(); layer++) {
      String name = "memory_attention.layers." + layer + ".";
      attention(name + "self_attn", width, width);
      attention(name + "cross_attn_image", width, memory);
      linear(name + "linear1", config.memoryAttention().feedForward(), width);
      linear(name + "linear2", width, config.memoryAttention().feedForward());
      for (int i = 1; i <= 3; i++) {
        norm(name + "norm" + i, width);
      }
    }
    norm("memory_attention.norm", width);
  }

  private void memoryEncoder() {
    String name = "memory_encoder.mask_downsampler.encoder.";
    int channels = 1;
    for (int step = 0; step < 4; step++) {
      convolution(name + 3 * step, 4 * channels, channels, 3);
      channels *= 4;
      norm(name + (3 * step + 1), channels);
    }
    convolution(name + 12, width, channels, 1);
    convolution("memory_encoder.pix_feat_proj", width, width, 1);
    for (int layer = 0; layer < config.memoryEncoder().fuserLayers(); layer++) {
      String block = "memory_encoder.fuser.layers." + layer + ".";
      put(block + "gamma", width);
      convolution(block + "dwconv", width, 1, config.memoryEncoder().kernel());
      norm(block + "norm", width);
      linear(block + "pwconv1", 4 * width, width);
      linear(block + "pwconv2", width, 4 * width);
    }
    if (memory != width) {
      convolution("memory_encoder.out_proj", memory, width, 1);
    }
  }

  private void promptEncoder() {
    String name = "sam_prompt_encoder.";
    put(name + "pe_layer.positional_encoding_gaussian_matrix", 2, width / 2);
    for (int label = 0; label < 4; label++) {
      put(name + "point_embeddings." + label + ".weight", 1, width);
    }
    put(name + "not_a_point_embed.weight", 1, width);
    convolution(name + "mask_downscaling.0", PROMPT_CHANNELS / 4, 1, 2);
    norm(name + "mask_downscaling.1", PROMPT_CHANNELS / 4);
    convolution(name + "mask_downscaling.3", PROMPT_CHANNELS, PROMPT_CHANNELS / 4, 2);
    norm(name + "mask_downscaling.4", PROMPT_CHANNELS);
    convolution(name + "mask_downscaling.6", width, PROMPT_CHANNELS, 1);
    put(name + "no_mask_embed.weight", 1, width);
  }

  private void maskDecoder() {
    String name = "sam_mask_decoder.";
    for (int layer = 0; layer < MaskDecoder.DEPTH; layer++) {
      String block = name + "transformer.layers." + layer + ".";
      attention(block + "self_attn", width, width);
      norm(block + "norm1", width);
      halfAttention(block + "cross_attn_token_to_image");
      norm(block + "norm2", width);
      mlp(block + "mlp", width, TOKEN_MLP, width);
      norm(block + "norm3", width);
      norm(block + "norm4", width);
      halfAttention(block + "cross_attn_image_to_token");
    }
    halfAttention(name + "transformer.final_attn_token_to_image");
    norm(name + "transformer.norm_final_attn", width);
    put(name + "iou_token.weight", 1, width);
    put(name + "mask_tokens.weight", MASK_TOKENS, width);
    put(name + "obj_score_token.weight", 1, width);
    put(name + "output_upscaling.0.weight", width, width / 4, 2, 2);
    put(name + "output_upscaling.0.bias", width / 4);
    norm(name + "output_upscaling.1", width / 4);
    put(name + "output_upscaling.3.weight", width / 4, width / 8, 2, 2);
    put(name + "output_upscaling.3.bias", width / 8);
    convolution(name + "conv_s0", width / 8, width, 1);
    convolution(name + "conv_s1", width / 4, width, 1);
    for (int token = 0; token < MASK_TOKENS; token++) {
      mlp(name + "output_hypernetworks_mlps." + token, width, width, width, width / 8);
    }
    mlp(name + "iou_prediction_head", width, IOU_HIDDEN, IOU_HIDDEN, MASK_TOKENS);
    mlp(name + "pred_obj_score_head", width, width, width, 1);
  }

  private void attention(String name, int inner, int keyWidth) {
    linear(name + ".q_proj", inner, width);
    linear(name + ".k_proj", inner, keyWidth);
    linear(name + ".v_proj", inner, keyWidth);
    linear(name + ".out_proj", width, inner);
  }

  private void halfAttention(String name) {
    attention(name, width / 2, width);
  }

  private void mlp(String name, int... widths) {
    for (int i = 0; i + 1 < widths.length; i++) {
      linear(name + ".layers." + i, widths[i + 1], widths[i]);
    }
  }

  private void linear(String name, int out, int in) {
    put(name + ".weight", out, in);
    put(name + ".bias", out);
  }

  private void norm(String name, int channels) {
    put(name + ".weight", channels);
    put(name + ".bias", channels);
  }

  private void convolution(String name, int out, int in, int kernel) {
    put(name + ".weight", out, in, kernel, kernel);
    put(name + ".bias", out);
  }

  private void put(String name, int... shape) {
    List<Long> sizes = new ArrayList<>();
    for (int size : shape) {
      sizes.add((long) size);
    }
    shapes.put(name, List.copyOf(sizes));
  }
}
