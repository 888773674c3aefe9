package io.medvol.reward.propagation;

import java.io.Serializable;
import java.util.List;

/**
 * What a propagator starts from: boxes on one slice, and the slices it is asked for.
 *
 * @param slice canonical index of the slice the boxes lie on
 * @param boxes at least one; in pixels as continuous edges
 * @param firstSlice first slice wanted, inclusive
 * @param lastSlice last slice wanted, inclusive; {@code firstSlice <= slice <= lastSlice}
 */
public record EvidencePrompt(int slice, List<EdgeBox> boxes, int firstSlice, int lastSlice)
    implements Serializable {
  public EvidencePrompt {
    boxes = List.copyOf(boxes);
    if (boxes.isEmpty()) {
      throw new IllegalArgumentException("An evidence prompt needs a box");
    }
    if (firstSlice > slice || slice > lastSlice) {
      throw new IllegalArgumentException(
          "Slice " + slice + " lies outside the wanted slices " + firstSlice + ".." + lastSlice);
    }
  }
}
