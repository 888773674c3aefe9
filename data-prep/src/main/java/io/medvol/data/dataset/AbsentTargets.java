package io.medvol.data.dataset;

/** What becomes of a question about a structure that the volume does not hold. */
public enum AbsentTargets {
  /** It gives no sample, and is counted. */
  DROP,
  /** It gives a sample without a key slice: the right answer is to abstain. */
  KEEP
}
