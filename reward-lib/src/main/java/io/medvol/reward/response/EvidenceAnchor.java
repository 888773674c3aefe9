package io.medvol.reward.response;

import java.io.Serializable;
import java.util.List;

/**
 * Where a completion says the target is: one axial slice and boxes on it.
 *
 * @param slice canonical index of a slice that was shown
 * @param boxes every box as listed, at least one
 */
public record EvidenceAnchor(int slice, List<ListedBox> boxes) implements Serializable {
  public EvidenceAnchor {
    boxes = List.copyOf(boxes);
    if (boxes.isEmpty()) {
      throw new IllegalArgumentException("An evidence anchor needs a box");
    }
  }

  /** The good boxes, in the order of the list. */
  public List<WrittenBox> goodBoxes() {
    return boxes.stream()
        .filter(ListedBox.Good.class::isInstance)
        .map(box -> ((ListedBox.Good) box).box())
        .toList();
  }
}
