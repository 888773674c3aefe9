package io.medvol.reward.response;

import java.io.Serializable;

/** What a completion says, once read strictly. */
public sealed interface ParsedResponse extends Serializable {
  /**
   * It names a slice and boxes.
   *
   * @param thought what stands in the think block; empty where the form has none
   */
  record Grounded(String thought, EvidenceAnchor anchor) implements ParsedResponse {}

  /** It says with an empty list that the target is not in the volume. */
  record Abstention(String thought) implements ParsedResponse {}

  /** It does not have the required form; the sentence says why. */
  record Unparsable(String reason) implements ParsedResponse {}
}
