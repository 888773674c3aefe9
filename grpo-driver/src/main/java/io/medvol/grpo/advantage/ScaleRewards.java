package io.medvol.grpo.advantage;

/** By which standard deviation centred rewards are divided. */
public enum ScaleRewards {
  /** That of the group. */
  GROUP,
  /** That of all answers of the step. */
  BATCH,
  /** None: centred rewards are the advantages (arXiv 2503.20783). */
  NONE
}
