package io.medvol.reward.response;

import java.io.Serializable;

/**
 * A box as the policy writes it: whole numbers of a {@link CoordinateScale} from the slice's upper
 * left corner, {@code 0 <= x1 < x2}, {@code 0 <= y1 < y2}. The parser holds it to the scale's far
 * corner.
 */
public record WrittenBox(int x1, int y1, int x2, int y2) implements Serializable {
  public WrittenBox {
    if (!(0 <= x1 && x1 < x2 && 0 <= y1 && y1 < y2)) {
      throw new IllegalArgumentException(
          "A box needs 0 <= x1 < x2 and 0 <= y1 < y2: ["
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
