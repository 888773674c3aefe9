package io.medvol.model.sam2;

import io.medvol.data.volume.BinaryMask;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** What is known of the object on one slice. */
public sealed interface SlicePrompt extends Serializable {
  /** Canonical index of the slice. */
  int slice();

  /** Points; a box is its two corners before all others. */
  record Points(int slice, List<PromptPoint> points) implements SlicePrompt {
    private static final long serialVersionUID = 1L;

    public Points {
      points = List.copyOf(points);
      if (points.isEmpty()) {
        throw new IllegalArgumentException("A prompt needs a point");
      }
    }
  }

  /**
   * A mask.
   *
   * @param mask one slice of the volume's rows and columns
   */
  record Mask(int slice, BinaryMask mask) implements SlicePrompt {
    private static final long serialVersionUID = 1L;
  }

  /** A box by its first and last pixels, and points beside it. */
  static Points box(int slice, float x1, float y1, float x2, float y2, PromptPoint... points) {
    List<PromptPoint> all = new ArrayList<>();
    all.add(new PromptPoint(x1, y1, PromptPoint.Label.BOX_TOP_LEFT));
    all.add(new PromptPoint(x2, y2, PromptPoint.Label.BOX_BOTTOM_RIGHT));
    all.addAll(List.of(points));
    return new Points(slice, all);
  }
}
