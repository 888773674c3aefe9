package io.medvol.model.tiny;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import java.util.List;

/**
 * The dials of a tiny Qwen3-VL.
 *
 * @param seed of the random weights
 * @param hiddenSize width of the decoder
 * @param layers of the decoder
 * @param heads query heads of the decoder
 * @param keyValueHeads key and value heads of the decoder; divides {@code heads}
 * @param headDim width of a head; a multiple of 2
 * @param intermediateSize width of the decoder's feed-forward layers
 * @param ropeTheta base of the decoder's rotary frequencies
 * @param visionWidth width of the vision tower
 * @param visionBlocks of the vision tower; the first one also feeds the decoder (DeepStack)
 * @param visionHeads of the vision tower; each is a multiple of 4 wide
 * @param visionIntermediateSize width of the vision tower's feed-forward layers
 * @param patchSize side of a patch in pixels; two by two patches make one token
 * @param imageSide side in pixels that a square slice is brought to
 * @param phrases texts that are one token each besides those every tiny model knows, such as the
 *     fixed sentences of a prompt; printable ASCII and line feeds
 */
public record TinyPolicyConfig(
    long seed,
    int hiddenSize,
    int layers,
    int heads,
    int keyValueHeads,
    int headDim,
    int intermediateSize,
    double ropeTheta,
    int visionWidth,
    int visionBlocks,
    int visionHeads,
    int visionIntermediateSize,
    int patchSize,
    int imageSide,
    List<String> phrases) {
  static final int MERGE_SIZE = 2;

  public TinyPolicyConfig {
    phrases = List.copyOf(phrases);
    check(
        Math.min(Math.min(hiddenSize, layers), Math.min(intermediateSize, visionIntermediateSize))
            >= 1,
        "every width and number of layers to be at least 1");
    check(
        keyValueHeads >= 1 && heads >= 1 && heads % keyValueHeads == 0,
        "key-value-heads (" + keyValueHeads + ") to divide heads (" + heads + ")");
    check(headDim >= 6 && headDim % 2 == 0, "head-dim (" + headDim + ") to be even, at least 6");
    check(
        visionBlocks >= 1 && visionHeads >= 1 && visionWidth % (4 * visionHeads) == 0,
        "vision-width (" + visionWidth + ") to be a multiple of 4 x vision-heads");
    check(
        patchSize >= 1 && imageSide >= 1 && imageSide % (MERGE_SIZE * patchSize) == 0,
        "image-side ("
            + imageSide
            + ") to be a multiple of twice the patch-size ("
            + patchSize
            + ")");
    check(ropeTheta > 1, "rope-theta (" + ropeTheta + ") to be above 1");
  }

  /**
   * The model of the quickstart: about 300 thousand parameters; a slice of 40x40 pixels takes 16
   * tokens, so that coordinates in steps of 25 lie on pixel edges.
   */
  public static TinyPolicyConfig defaults(long seed) {
    return new TinyPolicyConfig(seed, 64, 3, 2, 2, 32, 128, 1e6, 48, 1, 2, 96, 5, 40, List.of());
  }

  /** A model of about 150 thousand parameters; a picture takes 4 tokens of 14x14 pixels. */
  public static TinyPolicyConfig forPictures(long seed, List<String> phrases) {
    return new TinyPolicyConfig(seed, 64, 2, 2, 2, 32, 128, 1e4, 32, 2, 2, 64, 7, 28, phrases);
  }

  /** The same model with more texts as single tokens. */
  public TinyPolicyConfig withPhrases(List<String> morePhrases) {
    return new TinyPolicyConfig(
        seed,
        hiddenSize,
        layers,
        heads,
        keyValueHeads,
        headDim,
        intermediateSize,
        ropeTheta,
        visionWidth,
        visionBlocks,
        visionHeads,
        visionIntermediateSize,
        patchSize,
        imageSide,
        morePhrases);
  }

  /** Patches per side of a square slice, also the side of the learned position table. */
  int patchesPerSide() {
    return imageSide / patchSize;
  }

  private static void check(boolean holds, String expected) {
    if (!holds) {
      throw new MedVolException(ErrorCode.INVALID_CONFIG, "A tiny Qwen3-VL needs " + expected);
    }
  }
}
