package io.medvol.model.image;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.volume.GridSize;

/**
 * The size at which the Qwen-VL family reads a picture: sides that are multiples of {@code factor},
 * an area between {@code minPixels} and {@code maxPixels}, the aspect ratio kept as far as that
 * allows.
 *
 * @param factor patch size times merge size, in pixels
 * @param minPixels smallest area
 * @param maxPixels largest area
 */
public record SmartResize(int factor, long minPixels, long maxPixels) {
  /** Every picture would be made as large; no model comes near. */
  private static final long LARGEST_MIN_PIXELS = 1L << 26;

  public SmartResize {
    if (factor < 1 || minPixels < 1 || maxPixels < minPixels || minPixels > LARGEST_MIN_PIXELS) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "The image processor has factor "
              + factor
              + ", min_pixels "
              + minPixels
              + " and max_pixels "
              + maxPixels
              + ": expected at least 1 each, max_pixels not below min_pixels, and min_pixels not"
              + " above "
              + LARGEST_MIN_PIXELS);
    }
  }

  /**
   * The size for a picture of the given one.
   *
   * @throws MedVolException INVALID_INPUT if one side is more than 200 times the other
   */
  public ImageSize apply(ImageSize size) {
    int rows = size.rows();
    int columns = size.columns();
    if ((double) Math.max(rows, columns) / Math.min(rows, columns) > GridSize.MAX_ASPECT) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "A picture of "
              + rows
              + "x"
              + columns
              + " pixels is too narrow: one side may be at most "
              + GridSize.MAX_ASPECT
              + " times the other.");
    }
    // Halves go to the even neighbour, as in the reference.
    long newRows = (long) Math.rint((double) rows / factor) * factor;
    long newColumns = (long) Math.rint((double) columns / factor) * factor;
    if (newRows * newColumns > maxPixels) {
      double shrink = Math.sqrt((double) size.pixels() / maxPixels);
      newRows = Math.max(factor, (long) Math.floor(rows / shrink / factor) * factor);
      newColumns = Math.max(factor, (long) Math.floor(columns / shrink / factor) * factor);
    } else if (newRows * newColumns < minPixels) {
      double grow = Math.sqrt((double) minPixels / size.pixels());
      newRows = (long) Math.ceil(rows * grow / factor) * factor;
      newColumns = (long) Math.ceil(columns * grow / factor) * factor;
    }
    return new ImageSize(Math.toIntExact(newRows), Math.toIntExact(newColumns));
  }
}
