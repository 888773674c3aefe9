package io.medvol.rollout.objective;

/**
 * One loss of the GRPO family: what a token's loss is, and what the sum over tokens is divided by.
 */
sealed interface GroupLoss
    permits GrpoLoss, BnpoLoss, DrGrpoLoss, DapoLoss, CispoLoss, SapoLoss, LuspoLoss, VespoLoss {
  Surrogate surrogate();

  /** What one unmasked token of an answer with {@code answerTokens} of them weighs in the loss. */
  double tokenWeight(long answerTokens, LossDenominators of);
}
