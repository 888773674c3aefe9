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
  /** Log-probability weighted by the capped, detached ratio; as DAPO. arXiv 2506.13585. */
  CISPO,
  /** Sigmoid gate around a ratio of 1; mean as in GRPO. arXiv 2511.20347. */
  SAPO
}
