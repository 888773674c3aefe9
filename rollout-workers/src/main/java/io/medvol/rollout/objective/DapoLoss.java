package io.medvol.rollout.objective;

/** Clipped ratio; sum over tokens by the tokens of the whole step. arXiv 2503.14476. */
record DapoLoss(Surrogate surrogate) implements GroupLoss {
  DapoLoss(Objective objective) {
    this(new ClippedRatio(objective.clipping()));
  }

  @Override
  public double tokenWeight(long answerTokens, LossDenominators of) {
    return 1 / Math.max(of.stepTokens(), 1);
  }
}
