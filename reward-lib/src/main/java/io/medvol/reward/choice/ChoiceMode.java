package io.medvol.reward.choice;

/** Which definition of the multiple-choice rewards applies. */
public enum ChoiceMode {
  /** Exactly the right blocks, and one offered letter; the default. */
  STRICT,
  /** The released Med-R1 code (arXiv 2503.13939). */
  PAPER
}
