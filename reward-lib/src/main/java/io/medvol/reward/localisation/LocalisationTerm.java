package io.medvol.reward.localisation;

import io.medvol.reward.RewardValue;

/** One number about how well an answer locates its target, in 0..1. Immutable. */
interface LocalisationTerm<R> {
  /** Needs no mask. */
  int NO_MASK = -1;

  /** Needs the mask of the whole volume. */
  int WHOLE_VOLUME = Integer.MAX_VALUE;

  /** Key of its weight, and its name in metrics and the ledger. */
  String name();

  /** How many slices on either side of the predicted one its mask must cover. */
  default int reach() {
    return NO_MASK;
  }

  RewardValue score(Answer<R> answer, GroundTruth truth);
}
