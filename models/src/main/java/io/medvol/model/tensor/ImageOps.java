package io.medvol.model.tensor;

import ai.djl.ndarray.NDArray;

/**
 * Operations on pictures, {@code [batch][channel][row][column]}, with PyTorch's semantics. Pixel
 * centres lie at half coordinates unless corners are aligned.
 */
public final class ImageOps {
  private final Ops ops;

  ImageOps(Ops ops) {
    this.ops = ops;
  }

  /**
   * @param weight {@code [out][in / groups][row][column]}
   */
  public NDArray conv2d(
      NDArray x, NDArray weight, NDArray bias, int stride, int padding, int groups) {
    return ops.call("conv2d", x, weight, bias, both(stride), both(padding), groups);
  }

  /**
   * The transpose of a convolution without padding.
   *
   * @param weight {@code [in][out][row][column]}
   */
  public NDArray convTranspose2d(NDArray x, NDArray weight, NDArray bias, int stride) {
    return ops.call("conv_transpose2d", x, weight, bias, both(stride));
  }

  public NDArray maxPool2d(NDArray x, int kernel, int stride) {
    return ops.call("max_pool2d", x, both(kernel), both(stride));
  }

  /** Over groups of channels and all pixels (arXiv 1803.08494). */
  public NDArray groupNorm(NDArray x, int groups, NDArray weight, NDArray bias, double eps) {
    return ops.call("group_norm", x, groups, weight, bias, eps);
  }

  public NDArray nearest(NDArray x, int rows, int columns) {
    return ops.call("nearest", x, new long[] {rows, columns});
  }

  /** No antialiasing: shrinking reads four pixels only. */
  public NDArray bilinear(NDArray x, int rows, int columns) {
    return ops.call("bilinear", x, new long[] {rows, columns}, false);
  }

  /** The first and last pixels of both grids coincide; no antialiasing. */
  public NDArray bilinearAlignedCorners(NDArray x, int rows, int columns) {
    return ops.call("bilinear", x, new long[] {rows, columns}, true);
  }

  /** Shrinking averages over the area of the new pixel. */
  public NDArray bilinearAntialiased(NDArray x, int rows, int columns) {
    return ops.call("bilinear_antialias", x, new long[] {rows, columns});
  }

  /** Cubic convolution with a = -0.75; no antialiasing. */
  public NDArray bicubic(NDArray x, int rows, int columns) {
    return ops.call("bicubic", x, new long[] {rows, columns});
  }

  private static long[] both(long size) {
    return new long[] {size, size};
  }
}
