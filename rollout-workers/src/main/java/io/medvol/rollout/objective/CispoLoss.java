package io.medvol.rollout.objective;

/** Log-probability weighted by the capped, detached ratio; divided as DAPO. arXiv 2506.13585. */
record CispoLoss(Surrogate surrogate) implements GroupLoss {
  CispoLoss(Objective objective) {
    this(new CappedWeight(objective.clipping().epsilonHigh()));
  }

  @Override
  public double tokenWeight(long answerTokens, LossDenominators of) {
    return 1 / Math.max(of.stepTokens(), 1);
  }
}
