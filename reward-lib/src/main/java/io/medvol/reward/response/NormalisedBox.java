package io.medvol.reward.response;

import java.io.Serializable;

/**
 * A box as the policy writes it: whole thousandths of the slice's width (x) and height (y), {@code
 * 0..1000}, {@code x1 < x2}, {@code y1 < y2}.
 */
public record NormalisedBox(int x1, int y1, int x2, int y2) implements Serializable {
  /** The far edge of the slice. */
  public static final int SCALE = 1000;

  public NormalisedBox {
    if (!(0 <= x1 && x1 < x2 && x2 <= SCALE && 0 <= y1 && y1 < y2 && y2 <= SCALE)) {
      throw new IllegalArgumentException(
          "A box needs 0 <= x1 < x2 <= 1000 and 0 <= y1 < y2 <= 1000: ["
              + x1
              + ", "
              + y1
              + ", "
              + x2
              + ", "
              + y2
              + "]");
    }
  }
}
