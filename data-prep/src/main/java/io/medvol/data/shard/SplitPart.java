package io.medvol.data.shard;

/** A part of a data set. */
public enum SplitPart {
  /** Everything. */
  ALL,
  /** What neither of the others takes. */
  TRAIN,
  /** For choosing settings. */
  VALIDATION,
  /** For the final figures. */
  TEST
}
