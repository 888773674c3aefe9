package io.medvol.rollout.objective;

/** Whether the importance ratio belongs to a token or, as in GSPO, to the whole answer. */
public enum RatioLevel {
  TOKEN,
  SEQUENCE
}
