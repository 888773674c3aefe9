package io.medvol.model.image;

/** Extent of a picture in pixels. */
public record ImageSize(int rows, int columns) {
  public ImageSize {
    if (rows < 1 || columns < 1) {
      throw new IllegalArgumentException(
          "A picture has at least one row and column, not " + rows + "x" + columns);
    }
  }

  public long pixels() {
    return (long) rows * columns;
  }
}
