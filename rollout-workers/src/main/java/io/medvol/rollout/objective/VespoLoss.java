package io.medvol.rollout.objective;

/** Log-probability weighted by a gamma shape of the answer's ratio; divided as DAPO. */
record VespoLoss(Surrogate surrogate) implements GroupLoss {
  VespoLoss(Objective objective) {
    this(new GammaWeight(objective.vespo()));
  }

  @Override
  public double tokenWeight(long answerTokens, LossDenominators of) {
    return 1 / Math.max(of.stepTokens(), 1);
  }
}
