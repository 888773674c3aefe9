package io.medvol.reward.localisation;

import io.medvol.reward.propagation.EdgeBox;
import java.io.Serializable;
import java.util.List;

/**
 * What an answer points at, in pixels.
 *
 * @param slice canonical index, inside the volume
 * @param boxes continuous edges; empty if no listed box was good
 */
public record Evidence(int slice, List<EdgeBox> boxes) implements Serializable {
  public Evidence {
    boxes = List.copyOf(boxes);
  }
}
