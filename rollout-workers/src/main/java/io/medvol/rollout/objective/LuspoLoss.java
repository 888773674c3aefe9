package io.medvol.rollout.objective;

/** Clipped ratio; sum over an answer's tokens, mean over answers; meant for sequence ratios. */
record LuspoLoss(Surrogate surrogate) implements GroupLoss {
  LuspoLoss(Objective objective) {
    this(new ClippedRatio(objective.clipping()));
  }

  @Override
  public double tokenWeight(long answerTokens, LossDenominators of) {
    return 1 / of.sequences();
  }
}
