package io.medvol.model.image;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;

/**
 * The size to which MedVol-R1's training loader brings a picture before the image processor sees
 * it: scaled down to {@code maxPixels} if larger, then up to {@code minPixels} if smaller, each
 * side cut to an integer (arXiv 2605.26621, released code).
 *
 * @param minPixels smallest area
 * @param maxPixels largest area
 */
public record LoaderResize(long minPixels, long maxPixels) {
  public LoaderResize {
    if (minPixels < 1 || maxPixels < minPixels) {
      throw new MedVolException(
          ErrorCode.INVALID_CONFIG,
          "The loader has min-pixels "
              + minPixels
              + " and max-pixels "
              + maxPixels
              + ": expected at least 1 each and max-pixels not below min-pixels");
    }
  }

  public ImageSize apply(ImageSize size) {
    ImageSize result = size;
    if (result.pixels() > maxPixels) {
      result = scale(result, maxPixels);
    }
    if (result.pixels() < minPixels) {
      result = scale(result, minPixels);
    }
    return result;
  }

  private static ImageSize scale(ImageSize size, long pixels) {
    double factor = Math.sqrt((double) pixels / size.pixels());
    return new ImageSize(
        Math.max(1, (int) (size.rows() * factor)), Math.max(1, (int) (size.columns() * factor)));
  }
}
