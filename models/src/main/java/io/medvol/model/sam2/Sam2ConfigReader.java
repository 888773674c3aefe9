package io.medvol.model.sam2;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.LocalStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads the configuration files of SAM 2.1 and MedSAM2, YAML or JSON, and refuses settings that the
 * network here does not have, since weights trained with them would give wrong masks in silence.
 */
public final class Sam2ConfigReader {
  private static final long LONGEST = 1 << 20;

  /** Switches, and the value all SAM 2.1 models share. An absent one has SAM 2's default. */
  private static final Map<String, String> ON =
      Map.ofEntries(
          Map.entry("use_mask_input_as_output_without_sam", "true"),
          Map.entry("directly_add_no_mem_embed", "true"),
          Map.entry("no_obj_embed_spatial", "true"),
          Map.entry("use_high_res_features_in_sam", "true"),
          Map.entry("multimask_output_in_sam", "true"),
          Map.entry("iou_prediction_use_sigmoid", "true"),
          Map.entry("use_obj_ptrs_in_encoder", "true"),
          Map.entry("proj_tpos_enc_in_obj_ptrs", "true"),
          Map.entry("use_signed_tpos_enc_to_obj_ptrs", "true"),
          Map.entry("only_obj_ptrs_in_the_past_for_eval", "true"),
          Map.entry("pred_obj_scores", "true"),
          Map.entry("pred_obj_scores_mlp", "true"),
          Map.entry("fixed_no_obj_ptr", "true"),
          Map.entry("multimask_output_for_tracking", "true"),
          Map.entry("use_multimask_token_for_obj_ptr", "true"),
          Map.entry("use_mlp_for_obj_ptr_proj", "true"),
          Map.entry("multimask_min_pt_num", "0"));

  private static final Map<String, String> DEFAULTS =
      Map.ofEntries(
          Map.entry("add_tpos_enc_to_obj_ptrs", "true"),
          Map.entry("multimask_max_pt_num", "1"),
          Map.entry("soft_no_obj_ptr", "false"),
          Map.entry("non_overlap_masks_for_mem_enc", "false"),
          Map.entry("memory_temporal_stride_for_eval", "1"),
          Map.entry("max_cond_frames_in_attn", "-1"),
          Map.entry("image_encoder.neck.fuse_type", "sum"),
          Map.entry("memory_attention.layer.activation", "relu"),
          Map.entry("memory_attention.layer.pos_enc_at_attn", "false"),
          Map.entry("memory_attention.layer.pos_enc_at_cross_attn_keys", "true"),
          Map.entry("memory_attention.layer.pos_enc_at_cross_attn_queries", "false"),
          Map.entry("memory_attention.layer.self_attention.num_heads", "1"),
          Map.entry("memory_attention.layer.self_attention.downsample_rate", "1"),
          Map.entry("memory_attention.layer.cross_attention.num_heads", "1"),
          Map.entry("memory_attention.layer.cross_attention.downsample_rate", "1"),
          Map.entry("memory_attention.layer.cross_attention.rope_k_repeat", "true"),
          Map.entry("memory_attention.pos_enc_at_input", "true"),
          Map.entry("memory_encoder.mask_downsampler.kernel_size", "3"),
          Map.entry("memory_encoder.mask_downsampler.stride", "2"),
          Map.entry("memory_encoder.mask_downsampler.padding", "1"),
          Map.entry("memory_encoder.fuser.layer.use_dwconv", "true"));

  private final Path file;
  private final JsonNode root;
  private final List<String> problems = new ArrayList<>();

  private Sam2ConfigReader(Path file, JsonNode root) {
    this.file = file;
    this.root = root;
  }

  /**
   * Reads {@code config.yaml} or {@code config.json} of the official structure.
   *
   * @throws MedVolException INVALID_CONFIG with every problem found
   */
  public static Sam2Config read(Path file) {
    LocalStorage.requireFile(file);
    JsonNode tree;
    try {
      if (Files.size(file) > LONGEST) {
        throw new MedVolException(
            ErrorCode.INVALID_CONFIG, file + " is too long for a model configuration");
      }
      boolean json = file.toString().endsWith(".json");
      tree =
          (json ? new ObjectMapper() : new ObjectMapper(new YAMLFactory())).readTree(file.toFile());
    } catch (IOException e) {
      throw new MedVolException(
          ErrorCode.INVALID_CONFIG,
          "Cannot read the model configuration " + file + ": " + e.getMessage(),
          e);
    }
    return new Sam2ConfigReader(file, tree.has("model") ? tree.get("model") : tree).config();
  }

  private Sam2Config config() {
    ON.forEach((key, value) -> requireValue(key, value, "absent"));
    DEFAULTS.forEach((key, value) -> requireValue(key, value, value));
    requireValue("image_encoder.scalp", "1", "0");
    requireValue("image_encoder.neck.fpn_interp_model", "nearest", "bilinear");
    Sam2Config config =
        new Sam2Config(
            integer("image_size", 512),
            new Sam2Config.Trunk(
                integer("image_encoder.trunk.embed_dim", 96),
                integer("image_encoder.trunk.num_heads", 1),
                integers("image_encoder.trunk.stages", List.of(2, 3, 16, 3)),
                integers("image_encoder.trunk.window_spec", List.of(8, 4, 14, 7)),
                integers("image_encoder.trunk.global_att_blocks", List.of(12, 16, 20)),
                integers("image_encoder.trunk.window_pos_embed_bkg_spatial_size", List.of(14, 14))),
            new Sam2Config.Neck(
                integer("image_encoder.neck.d_model", 256),
                integers("image_encoder.neck.fpn_top_down_levels", List.of(0, 1, 2, 3))),
            new Sam2Config.MemoryAttention(
                integer("memory_attention.num_layers", 4),
                integer("memory_attention.layer.dim_feedforward", 2048),
                number("memory_attention.layer.cross_attention.rope_theta", 10000)),
            new Sam2Config.MemoryEncoder(
                integer("memory_encoder.out_dim", 64),
                integer("memory_encoder.fuser.num_layers", 2),
                integer("memory_encoder.fuser.layer.kernel_size", 7)),
            new Sam2Config.Tracking(
                integer("num_maskmem", 7),
                number("sigmoid_scale_for_mem_enc", 1),
                number("sigmoid_bias_for_mem_enc", 0),
                integer("max_obj_ptrs_in_encoder", 16)));
    check(config);
    if (!problems.isEmpty()) {
      throw new MedVolException(
          ErrorCode.INVALID_CONFIG,
          "The model configuration " + file + " does not fit: " + String.join("; ", problems));
    }
    return config;
  }

  private void check(Sam2Config config) {
    Sam2Config.Trunk trunk = config.trunk();
    require(
        config.imageSize() > 0 && config.imageSize() % 32 == 0 && config.imageSize() <= 4096,
        "image_size must be a multiple of 32 up to 4096, not " + config.imageSize());
    require(
        trunk.stages().size() == 4 && trunk.windows().size() == 4,
        "stages and window_spec must have 4 entries each");
    require(
        trunk.stages().stream().allMatch(n -> n >= 1 && n <= 100)
            && trunk.windows().stream().allMatch(n -> n >= 2 && n <= 1024),
        "stages must have 1 to 100 blocks and windows a side of 2 or more");
    require(
        trunk.background().size() == 2 && trunk.background().stream().allMatch(n -> n >= 1),
        "window_pos_embed_bkg_spatial_size must be two sizes");
    require(
        config.imageSize() / 4 % Math.max(1, trunk.windows().get(0)) == 0,
        "the first window must divide image_size / 4");
    require(
        trunk.embedDim() >= 1
            && trunk.embedDim() <= 4096
            && trunk.numHeads() >= 1
            && trunk.embedDim() % Math.max(1, trunk.numHeads()) == 0,
        "num_heads must divide embed_dim");
    require(
        config.width() >= 16 && config.width() % 16 == 0 && config.width() <= 4096,
        "d_model must be a multiple of 16, not " + config.width());
    int memory = config.memoryEncoder().width();
    require(
        memory >= 2 && memory % 2 == 0 && config.width() % memory == 0,
        "out_dim of the memory encoder must be even and divide d_model, not " + memory);
    require(
        config.tracking().memories() >= 2 && config.tracking().pointers() >= 2,
        "num_maskmem and max_obj_ptrs_in_encoder must be 2 or more");
    require(
        config.memoryAttention().layers() >= 1 && config.memoryAttention().feedForward() >= 1,
        "memory_attention needs a layer");
    require(config.memoryEncoder().kernel() % 2 == 1, "kernel_size of the fuser must be odd");
  }

  private void require(boolean holds, String sentence) {
    if (!holds) {
      problems.add(sentence);
    }
  }

  private void requireValue(String key, String value, String absent) {
    JsonNode node = at(key);
    String found = node == null ? absent : node.asText();
    require(found.equals(value), key + " must be " + value + ", not " + found);
  }

  private int integer(String key, int absent) {
    JsonNode node = at(key);
    if (node == null) {
      return absent;
    }
    require(node.canConvertToInt(), key + " must be a whole number, not " + node);
    return node.asInt();
  }

  private double number(String key, double absent) {
    JsonNode node = at(key);
    double value = node == null ? absent : node.asDouble(Double.NaN);
    require(Double.isFinite(value), key + " must be a number, not " + node);
    return value;
  }

  private List<Integer> integers(String key, List<Integer> absent) {
    JsonNode node = at(key);
    if (node == null) {
      return absent;
    }
    List<Integer> values = new ArrayList<>();
    for (JsonNode item : node) {
      require(item.canConvertToInt(), key + " must hold whole numbers, not " + item);
      values.add(item.asInt());
    }
    require(node.isArray(), key + " must be a list, not " + node);
    return values;
  }

  /** The value at a dotted path, null where there is none. */
  private JsonNode at(String key) {
    JsonNode node = root;
    for (String part : key.split("\\.")) {
      node = node.get(part);
      if (node == null || node.isNull()) {
        return null;
      }
    }
    return node;
  }
}
