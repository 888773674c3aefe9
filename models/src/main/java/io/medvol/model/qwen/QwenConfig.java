package io.medvol.model.qwen;

import java.util.List;

/**
 * The architecture of a Qwen-VL model.
 *
 * @param tiedHead whether the token embeddings are also the output head
 */
record QwenConfig(Text text, Vision vision, SpecialTokens tokens, boolean tiedHead) {

  /**
   * The decoder.
   *
   * @param attentionBias whether the four attention projections have biases
   */
  record Text(
      int layers,
      int hidden,
      int intermediate,
      int heads,
      int keyValueHeads,
      int headDim,
      int vocabulary,
      double normEps,
      boolean attentionBias,
      Rotary rotary) {}

  /**
   * Multimodal rotary positions.
   *
   * @param sections frequencies of the temporal, height and width axis
   */
  record Rotary(double theta, List<Integer> sections, FrequencyOrder order) {
    Rotary {
      sections = List.copyOf(sections);
    }
  }

  /**
   * The vision tower.
   *
   * @param gridSide rows and columns of the learned position table
   * @param deepstackLayers blocks whose output is added to the first layers of the decoder
   */
  record Vision(
      int depth,
      int hidden,
      int intermediate,
      int heads,
      int outHidden,
      int channels,
      int patchSize,
      int temporalPatchSize,
      int mergeSize,
      int gridSide,
      double rotaryTheta,
      List<Integer> deepstackLayers) {
    Vision {
      deepstackLayers = List.copyOf(deepstackLayers);
    }

    int headDim() {
      return hidden / heads;
    }

    /** Values in one patch. */
    int patchLength() {
      return channels * temporalPatchSize * patchSize * patchSize;
    }

    /** Patches that become one token. */
    int mergeUnit() {
      return mergeSize * mergeSize;
    }
  }

  /** Ids that stand for pictures and never for text. */
  record SpecialTokens(int image, int video, int visionStart, int visionEnd) {}
}
