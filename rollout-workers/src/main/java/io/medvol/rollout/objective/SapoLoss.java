package io.medvol.rollout.objective;

/** Sigmoid gate around a ratio of 1; divided as GRPO. arXiv 2511.20347. */
record SapoLoss(Surrogate surrogate) implements GroupLoss {
  SapoLoss(Objective objective) {
    this(new SoftGate(objective.sapo()));
  }

  @Override
  public double tokenWeight(long answerTokens, LossDenominators of) {
    return 1 / (Math.max(answerTokens, 1) * of.sequences());
  }
}
