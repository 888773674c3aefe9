package io.medvol.model.sam2;

import ai.djl.ndarray.NDArray;
import io.medvol.model.tensor.DType;
import io.medvol.model.tensor.Ops;
import java.util.ArrayList;
import java.util.List;

/** SAM's two-way decoder (arXiv 2304.02643) with high-resolution features and an object score. */
final class MaskDecoder {
  static final int DEPTH = 2;
  static final int MASKS = 4;
  private static final int HEADS = 8;
  private static final String NAME = "sam_mask_decoder.";

  /**
   * All four masks of each track, float32; mask 0 is the one for unambiguous prompts.
   *
   * @param masks logits, {@code [track][4][maskSide][maskSide]}
   * @param ious predicted overlaps, {@code [track][4]}
   * @param tokens {@code [track][4][width]}
   * @param objectScore {@code [track][1]}, above 0 where the object is there
   */
  record Decoded(NDArray masks, NDArray ious, NDArray tokens, NDArray objectScore) {}

  /** The transformer's output: tokens and image, {@code [track][token][width]}. */
  record Attended(NDArray tokens, NDArray image) {}

  private final Sam2Weights weights;
  private final List<NDArray> twoWay = new ArrayList<>();
  private final List<NDArray> upscaling;
  private final List<NDArray> iouHead;
  private final List<NDArray> scoreHead;

  MaskDecoder(Sam2Weights weights) {
    this.weights = weights;
    for (int layer = 0; layer < DEPTH; layer++) {
      String prefix = NAME + "transformer.layers." + layer + ".";
      twoWay.addAll(weights.attention(prefix + "self_attn"));
      twoWay.addAll(weights.pairs(prefix, "norm1"));
      twoWay.addAll(weights.attention(prefix + "cross_attn_token_to_image"));
      twoWay.addAll(
          weights.pairs(prefix, "norm2", "mlp.layers.0", "mlp.layers.1", "norm3", "norm4"));
      twoWay.addAll(weights.attention(prefix + "cross_attn_image_to_token"));
    }
    twoWay.addAll(weights.attention(NAME + "transformer.final_attn_token_to_image"));
    twoWay.addAll(weights.pairs(NAME, "transformer.norm_final_attn"));
    upscaling =
        weights.pairs(NAME, "output_upscaling.0", "output_upscaling.1", "output_upscaling.3");
    for (int mask = 0; mask < MASKS; mask++) {
      upscaling.addAll(mlp("output_hypernetworks_mlps." + mask));
    }
    iouHead = mlp("iou_prediction_head");
    scoreHead = mlp("pred_obj_score_head");
  }

  private List<NDArray> mlp(String name) {
    return weights.pairs(NAME + name + ".layers.", "0", "1", "2");
  }

  /**
   * @param image {@code [track][width][row][column]}, what memory has already been added to
   * @param encoding of the places, {@code [1][width][row][column]}
   */
  Attended attend(NDArray image, NDArray encoding, PromptEncoder.Embedded prompt, Ops ops) {
    long tracks = image.getShape().get(0);
    NDArray own =
        ops.cat(
            List.of(
                weights.get(NAME + "obj_score_token.weight"),
                weights.get(NAME + "iou_token.weight"),
                weights.get(NAME + "mask_tokens.weight")),
            0);
    long width = image.getShape().get(1);
    NDArray repeated = ops.expand(ops.reshape(own, 1, -1, width), tracks, 2 + MASKS, width);
    NDArray tokens = ops.cat(List.of(repeated, prompt.sparse()), 1);
    List<NDArray> attended =
        ops.callForList(
            "sam_two_way",
            tokens,
            sequence(ops.add(image, prompt.dense()), ops),
            sequence(encoding, ops),
            twoWay,
            DEPTH,
            HEADS);
    return new Attended(attended.get(0), attended.get(1));
  }

  /**
   * @param features of the same slices; only the two finer maps are used
   */
  Decoded decode(Attended attended, SliceFeatures features, Ops ops) {
    NDArray tokens = ops.contiguous(ops.narrow(attended.tokens(), 1, 2, MASKS));
    NDArray masks =
        ops.call(
            "sam_masks", tokens, attended.image(), features.fine(), features.finest(), upscaling);
    NDArray exact = ops.cast(attended.tokens(), DType.F32);
    NDArray iou = ops.reshape(ops.narrow(exact, 1, 1, 1), tokens.getShape().get(0), -1);
    NDArray score = ops.reshape(ops.narrow(exact, 1, 0, 1), tokens.getShape().get(0), -1);
    return new Decoded(
        ops.cast(masks, DType.F32),
        ops.sigmoid(ops.call("sam_mlp3", iou, iouHead, 0)),
        ops.cast(tokens, DType.F32),
        ops.call("sam_mlp3", score, scoreHead, 0));
  }

  /** {@code [batch][channel][row][column]} as {@code [batch][place][channel]}. */
  static NDArray sequence(NDArray map, Ops ops) {
    long[] size = map.getShape().getShape();
    return ops.permute(ops.reshape(map, size[0], size[1], size[2] * size[3]), 0, 2, 1);
  }

  /** The inverse of {@link #sequence}. */
  static NDArray map(NDArray sequence, int side, Ops ops) {
    long[] size = sequence.getShape().getShape();
    return ops.reshape(ops.permute(sequence, 0, 2, 1), size[0], size[2], side, side);
  }
}
