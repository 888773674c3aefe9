package io.medvol.reward.response;

/**
 * What the edges of a slice are in an answer's coordinates, which begin with 0 at its upper left
 * corner.
 *
 * @param width of the right edge
 * @param height of the lower edge
 */
public record CoordinateScale(int width, int height) {
  /** Thousandths of the slice, whatever its size. */
  public static final CoordinateScale THOUSANDTHS = new CoordinateScale(1000, 1000);

  public CoordinateScale {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "A slice is not " + width + " wide and " + height + " high");
    }
  }
}
