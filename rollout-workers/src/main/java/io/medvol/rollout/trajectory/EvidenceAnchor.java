package io.medvol.rollout.trajectory;

import io.medvol.reward.propagation.EdgeBox;
import java.io.Serializable;
import java.util.List;

/**
 * The evidence an answer points at, read from a parsable completion.
 *
 * @param slice canonical index of the key slice
 * @param boxes in pixels as continuous edges; may be empty where no listed box was good
 */
public record EvidenceAnchor(int slice, List<EdgeBox> boxes) implements Serializable {
  public EvidenceAnchor {
    boxes = List.copyOf(boxes);
  }
}
