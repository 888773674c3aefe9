package io.medvol.rollout.objective;

/** Clipped ratio; mean over an answer's tokens, then over answers. arXiv 2402.03300. */
record GrpoLoss(Surrogate surrogate) implements GroupLoss {
  GrpoLoss(Objective objective) {
    this(new ClippedRatio(objective.clipping()));
  }

  @Override
  public double tokenWeight(long answerTokens, LossDenominators of) {
    return 1 / (Math.max(answerTokens, 1) * of.sequences());
  }
}
