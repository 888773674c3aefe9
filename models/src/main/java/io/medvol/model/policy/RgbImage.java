package io.medvol.model.policy;

/**
 * An 8-bit RGB picture, {@code [row][column][channel]} in row-major order. Immutable by contract:
 * the array is not copied.
 */
public record RgbImage(int rows, int columns, byte[] rgb) {
  public RgbImage {
    if (rows < 1 || columns < 1 || rgb.length != Math.multiplyExact(rows * 3, columns)) {
      throw new IllegalArgumentException(
          rgb.length + " bytes are not a " + rows + "x" + columns + " RGB picture");
    }
  }
}
