package io.medvol.rollout.objective;

/**
 * The losses of the GRPO family, named as in TRL. They differ in what a token's loss is (clipped
 * ratio, capped weight, soft gate) and in what the sum over tokens is divided by.
 */
public enum LossType {
  /** Clipped ratio; mean over an answer's tokens, then over answers. arXiv 2402.03300. */
  GRPO,
  /** Clipped ratio; sum over tokens by the tokens of the batch. */
  BNPO,
  /** Clipped ratio; sum over tokens by answers times max-completion-length. arXiv 2503.20783. */
  DR_GRPO,
  /** Clipped ratio; sum over tokens by the tokens of the whole step. arXiv 2503.14476. */
  DAPO,
  /** Log-probability weighted by the capped, detached ratio; divided as DAPO. arXiv 2506.13585. */
  CISPO,
  /** Sigmoid gate around a ratio of 1; divided as GRPO. arXiv 2511.20347. */
  SAPO,
  /** Clipped ratio; sum over an answer's tokens, mean over answers. */
  LUSPO;

  Surrogate surrogate(Objective objective) {
    return switch (this) {
      case GRPO, BNPO, DR_GRPO, DAPO, LUSPO -> new ClippedRatio(objective);
      case CISPO -> new CappedWeight(objective.epsilonHigh());
      case SAPO -> new SoftGate();
    };
  }

  /** What one unmasked token of an answer with {@code answerTokens} of them weighs in the loss. */
  double tokenWeight(long answerTokens, LossDenominators of) {
    return switch (this) {
      case GRPO, SAPO -> 1 / (Math.max(answerTokens, 1) * of.sequences());
      case BNPO, DAPO, CISPO -> 1 / Math.max(of.tokens(), 1);
      case DR_GRPO -> 1 / (of.sequences() * of.maxCompletionLength());
      case LUSPO -> 1 / of.sequences();
    };
  }
}
