package io.medvol.rollout.objective;

/** Clipped ratio; sum over tokens by the tokens of the update. */
record BnpoLoss(Surrogate surrogate) implements GroupLoss {
  BnpoLoss(Objective objective) {
    this(new ClippedRatio(objective.clipping()));
  }

  @Override
  public double tokenWeight(long answerTokens, LossDenominators of) {
    return 1 / Math.max(of.tokens(), 1);
  }
}
