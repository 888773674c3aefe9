package io.medvol.data.example;

import java.io.Serializable;

/**
 * How ground-truth boxes are drawn around a target on one slice: one tight box, or one around each
 * of the largest 4-connected components.
 */
public sealed interface BoxRule extends Serializable {
  /** One tight box around all pixels. */
  record Single() implements BoxRule {}

  /**
   * One box for each component of at least {@code minPixels} pixels, largest first, {@code
   * maxBoxes} at the most; where no component is large enough, one tight box around everything.
   */
  record Components(int minPixels, int maxBoxes) implements BoxRule {
    public Components {
      if (minPixels < 1 || maxBoxes < 1) {
        throw new IllegalArgumentException(
            "Components needs min-pixels and max-boxes of at least 1, not "
                + minPixels
                + " and "
                + maxBoxes);
      }
    }
  }
}
