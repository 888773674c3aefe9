package io.medvol.rollout.objective;

/** Clipped ratio; sum over tokens by answers times max-completion-length. arXiv 2503.20783. */
record DrGrpoLoss(Surrogate surrogate) implements GroupLoss {
  DrGrpoLoss(Objective objective) {
    this(new ClippedRatio(objective.clipping()));
  }

  @Override
  public double tokenWeight(long answerTokens, LossDenominators of) {
    return 1 / (of.sequences() * of.maxCompletionLength());
  }
}
