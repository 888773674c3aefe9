package io.medvol.model.qwen;

import io.medvol.model.memory.ModelShape;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The architecture of a Qwen-VL model.
 *
 * @param tiedHead whether the token embeddings are also the output head
 */
record QwenConfig(
    Text text, Vision vision, SpecialTokens tokens, boolean tiedHead, HubNames names) {

  /** The sizes that decide how much memory the model takes. */
  ModelShape shape() {
    return new ModelShape(
        new ModelShape.Text(
            text.layers(),
            text.hidden(),
            text.intermediate(),
            text.heads(),
            text.keyValueHeads(),
            text.headDim(),
            text.vocabulary(),
            text.attention().headNorm()),
        new ModelShape.Vision(
            vision.depth(),
            vision.hidden(),
            vision.intermediate(),
            mlp(),
            vision.heads(),
            vision.outHidden(),
            vision.patchLength(),
            vision.mergeUnit(),
            1 + vision.deepstackLayers().size(),
            (long) vision.gridSide() * vision.gridSide()),
        tiedHead);
  }

  private ModelShape.Mlp mlp() {
    if (vision.style().mlp().size() > 2) {
      return ModelShape.Mlp.GATED;
    }
    return vision.activation() == Activation.QUICK_GELU
        ? ModelShape.Mlp.COMPOSED
        : ModelShape.Mlp.PLAIN;
  }

  /** The decoder. */
  record Text(
      int layers,
      int hidden,
      int intermediate,
      int heads,
      int keyValueHeads,
      int headDim,
      int vocabulary,
      double normEps,
      Attention attention,
      Rotary rotary) {}

  /**
   * The parts of attention that not every family has.
   *
   * @param inputBias whether queries, keys and values have biases
   * @param outputBias whether the projection of the result has one
   * @param headNorm whether each query and key head is normalised before the rotation
   */
  record Attention(boolean inputBias, boolean outputBias, boolean headNorm) {}

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
   * @param gridSide rows and columns of the learned position table; 0 without one
   * @param deepstackLayers blocks whose output is added to the first layers of the decoder
   * @param tokensPerSecond positions for a second of video; empty where a frame is one position
   */
  record Vision(
      TowerStyle style,
      Activation activation,
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
      List<Integer> deepstackLayers,
      Windows windows,
      OptionalDouble tokensPerSecond) {
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

  /**
   * Attention inside square windows.
   *
   * @param side of a window in merged patches; 0 where every block attends to the whole frame
   * @param fullBlocks the blocks that attend to the whole frame nevertheless
   */
  record Windows(int side, List<Integer> fullBlocks) {
    static final Windows NONE = new Windows(0, List.of());

    Windows {
      fullBlocks = List.copyOf(fullBlocks);
    }

    boolean any() {
      return side > 0;
    }

    boolean full(int block) {
      return !any() || fullBlocks.contains(block);
    }
  }

  /** Ids that stand for pictures and never for text. */
  record SpecialTokens(int image, int video, int visionStart, int visionEnd) {}
}
