package io.medvol.model.sam2;

import java.util.List;
import java.util.Locale;

/** Writes the configuration file of a model, such as {@link Sam2ConfigReader} reads. */
public final class Sam2ConfigWriter {
  private static final List<String> SWITCHES =
      List.of(
          "use_mask_input_as_output_without_sam",
          "directly_add_no_mem_embed",
          "no_obj_embed_spatial",
          "use_high_res_features_in_sam",
          "multimask_output_in_sam",
          "iou_prediction_use_sigmoid",
          "use_obj_ptrs_in_encoder",
          "add_tpos_enc_to_obj_ptrs",
          "proj_tpos_enc_in_obj_ptrs",
          "use_signed_tpos_enc_to_obj_ptrs",
          "only_obj_ptrs_in_the_past_for_eval",
          "pred_obj_scores",
          "pred_obj_scores_mlp",
          "fixed_no_obj_ptr",
          "multimask_output_for_tracking",
          "use_multimask_token_for_obj_ptr",
          "use_mlp_for_obj_ptr_proj");

  private Sam2ConfigWriter() {}

  /** YAML of the official structure. */
  public static String yaml(Sam2Config config) {
    StringBuilder switches = new StringBuilder();
    SWITCHES.forEach(name -> switches.append("  ").append(name).append(": true\n"));
    return String.format(
            Locale.ROOT,
            """
            model:
              image_size: %d
              num_maskmem: %d
              max_obj_ptrs_in_encoder: %d
              sigmoid_scale_for_mem_enc: %s
              sigmoid_bias_for_mem_enc: %s
              multimask_min_pt_num: 0
              multimask_max_pt_num: 1
            """,
            config.imageSize(),
            config.tracking().memories(),
            config.tracking().pointers(),
            config.tracking().maskScale(),
            config.tracking().maskBias())
        + switches
        + String.format(
            Locale.ROOT,
            """
              image_encoder:
                scalp: 1
                trunk:
                  embed_dim: %d
                  num_heads: %d
                  stages: %s
                  window_spec: %s
                  global_att_blocks: %s
                  window_pos_embed_bkg_spatial_size: %s
                neck:
                  d_model: %d
                  fpn_top_down_levels: %s
                  fpn_interp_model: nearest
              memory_attention:
                num_layers: %d
                layer:
                  dim_feedforward: %d
                  cross_attention:
                    rope_theta: %s
              memory_encoder:
                out_dim: %d
                fuser:
                  num_layers: %d
                  layer:
                    kernel_size: %d
            """,
            config.trunk().embedDim(),
            config.trunk().numHeads(),
            config.trunk().stages(),
            config.trunk().windows(),
            config.trunk().globalBlocks(),
            config.trunk().background(),
            config.neck().width(),
            config.neck().topDownLevels(),
            config.memoryAttention().layers(),
            config.memoryAttention().feedForward(),
            config.memoryAttention().ropeTheta(),
            config.memoryEncoder().width(),
            config.memoryEncoder().fuserLayers(),
            config.memoryEncoder().kernel());
  }
}
