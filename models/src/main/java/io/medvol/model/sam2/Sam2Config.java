package io.medvol.model.sam2;

import java.util.List;

/**
 * Sizes of a SAM 2.1 video model. What the published checkpoints have in common (heads and widths
 * of the mask decoder, the switches of the memory bank) is fixed.
 *
 * @param imageSize side of the square input in pixels, a multiple of 32
 */
public record Sam2Config(
    int imageSize,
    Trunk trunk,
    Neck neck,
    MemoryAttention memoryAttention,
    MemoryEncoder memoryEncoder,
    Tracking tracking) {

  /** Pixels of the input that one position of the coarsest kept map stands for. */
  public static final int STRIDE = 16;

  /**
   * The Hiera trunk (arXiv 2306.00989); lists have one entry for each of its four stages.
   *
   * @param embedDim channels of the first stage; each further stage doubles them
   * @param numHeads heads of the first stage; each further stage doubles them
   * @param stages blocks in each stage
   * @param windows side of the attention windows in each stage
   * @param globalBlocks blocks, counted from 0, that attend to the whole map
   * @param background rows and columns of the coarse position embedding
   */
  public record Trunk(
      int embedDim,
      int numHeads,
      List<Integer> stages,
      List<Integer> windows,
      List<Integer> globalBlocks,
      List<Integer> background) {
    public Trunk {
      stages = List.copyOf(stages);
      windows = List.copyOf(windows);
      globalBlocks = List.copyOf(globalBlocks);
      background = List.copyOf(background);
    }

    int channels(int stage) {
      return embedDim << stage;
    }
  }

  /**
   * The feature pyramid.
   *
   * @param width channels of every level, and of the tokens of all later parts
   * @param topDownLevels levels, 0 the finest, that the next coarser one is added to
   */
  public record Neck(int width, List<Integer> topDownLevels) {
    public Neck {
      topDownLevels = List.copyOf(topDownLevels);
    }
  }

  /**
   * @param ropeTheta base of the rotary frequencies
   */
  public record MemoryAttention(int layers, int feedForward, double ropeTheta) {}

  /**
   * @param width channels of a stored memory; divides the neck's width
   * @param kernel side of the fuser's depthwise convolution
   */
  public record MemoryEncoder(int width, int fuserLayers, int kernel) {}

  /**
   * @param memories slices the memory bank holds, the prompted one included
   * @param maskScale factor of the mask's probability before it is remembered
   * @param maskBias added thereafter
   * @param pointers object pointers the bank holds, the prompted one included
   */
  public record Tracking(int memories, double maskScale, double maskBias, int pointers) {
    /** Of all SAM 2.1 models. */
    static final Tracking SAM2_1 = new Tracking(7, 20, -10, 16);
  }

  /** Side of the coarsest kept map. */
  public int grid() {
    return imageSize / STRIDE;
  }

  /** Side of the maps of mask logits. */
  public int maskSide() {
    return 4 * grid();
  }

  int width() {
    return neck.width();
  }
}
