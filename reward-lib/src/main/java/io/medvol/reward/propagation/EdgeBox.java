package io.medvol.reward.propagation;

import java.io.Serializable;

/**
 * A box in pixels as continuous edges: pixel column {@code x} covers {@code [x, x+1)}, so that
 * {@code [0, 0, columns, rows]} is the whole slice.
 */
public record EdgeBox(double x1, double y1, double x2, double y2) implements Serializable {
  public EdgeBox {
    if (!(x1 < x2 && y1 < y2)) {
      throw new IllegalArgumentException(
          "A box needs x1 < x2 and y1 < y2: [" + x1 + ", " + y1 + ", " + x2 + ", " + y2 + "]");
    }
  }

  public double area() {
    return (x2 - x1) * (y2 - y1);
  }
}
