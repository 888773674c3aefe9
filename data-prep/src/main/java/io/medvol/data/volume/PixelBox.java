package io.medvol.data.volume;

import java.io.Serializable;

/**
 * A box on one slice in pixels, the last pixel included: columns {@code x1..x2}, rows {@code
 * y1..y2}.
 */
public record PixelBox(int x1, int y1, int x2, int y2) implements Serializable {
  public PixelBox {
    if (x1 > x2 || y1 > y2) {
      throw new IllegalArgumentException(
          "Box corners are out of order: [" + x1 + ", " + y1 + ", " + x2 + ", " + y2 + "]");
    }
  }
}
