package io.medvol.grpo.segment;

import io.medvol.model.policy.ParameterLayout;
import io.medvol.model.sam2.train.SegmenterTeacher;
import io.medvol.model.sam2.train.SegmenterWeights;

/**
 * What happens to the weights between single images and clips. The heads that judge masks begin
 * anew: many of their units have died, and the object score has seen no empty slice. The memory
 * attention's last norm is set to give features of the size the decoder was trained with.
 */
final class StageBridge {
  private static final String HEADS =
      "sam_mask_decoder\\.(iou_prediction_head|pred_obj_score_head)\\..*";
  private static final String NORM = "memory_attention.norm.";

  private StageBridge() {}

  /**
   * @param fresh weights of another seed, for the heads
   * @param statistics of {@link SegmenterTeacher#featureStatistics}
   */
  static float[] cross(float[] parameters, SegmenterWeights fresh, float[] statistics) {
    float[] next = parameters.clone();
    float[] drawn = fresh.parameters();
    for (ParameterLayout.Parameter one : fresh.layout().parameters()) {
      if (one.name().matches(HEADS)) {
        System.arraycopy(drawn, one.offset(), next, one.offset(), one.length());
      }
      for (int i = 0; i < one.length(); i++) {
        if (one.name().equals(NORM + "weight")) {
          next[one.offset() + i] = statistics[one.length()];
        } else if (one.name().equals(NORM + "bias")) {
          next[one.offset() + i] = statistics[i];
        }
      }
    }
    return next;
  }
}
