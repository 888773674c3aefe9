package io.medvol.model.sam2;

import java.io.Serializable;

/**
 * A point on a slice with its meaning, in pixels of the volume's own slices; whole numbers are
 * pixel centres.
 */
public record PromptPoint(float x, float y, Label label) implements Serializable {
  /** What a point says. */
  public enum Label {
    BACKGROUND,
    FOREGROUND,
    BOX_TOP_LEFT,
    BOX_BOTTOM_RIGHT
  }

  public PromptPoint {
    if (!Float.isFinite(x) || !Float.isFinite(y)) {
      throw new IllegalArgumentException("A point needs finite places: " + x + ", " + y);
    }
  }
}
