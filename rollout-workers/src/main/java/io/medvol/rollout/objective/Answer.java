package io.medvol.rollout.objective;

import java.util.Objects;

/**
 * What the loss knows of one answer besides its current log-probabilities. Every array has one
 * value for each token.
 *
 * @param advantage of the answer
 * @param oldLogProbs of the policy the importance ratio compares with; null takes the current ones,
 *     detached, so that the ratio is 1
 * @param samplingLogProbs of the policy that drew the answer, where that is an older one than the
 *     old one; null where it is the same
 * @param decodedLogProbs as decoding reported them when it drew the answer; null where the distance
 *     to them is not measured
 * @param referenceLogProbs of the reference policy; null without a KL term
 * @param mask whether the answer's tokens count
 */
public record Answer(
    double advantage,
    double[] oldLogProbs,
    double[] samplingLogProbs,
    double[] decodedLogProbs,
    double[] referenceLogProbs,
    Mask mask) {
  public Answer {
    Objects.requireNonNull(mask, "mask");
  }

  /** An answer whose decoding is not looked at. */
  public Answer(
      double advantage,
      double[] oldLogProbs,
      double[] samplingLogProbs,
      double[] referenceLogProbs,
      Mask mask) {
    this(advantage, oldLogProbs, samplingLogProbs, null, referenceLogProbs, mask);
  }

  /** An answer drawn from the old policy itself. */
  public Answer(double advantage, double[] oldLogProbs, double[] referenceLogProbs, Mask mask) {
    this(advantage, oldLogProbs, null, referenceLogProbs, mask);
  }

  /** Whether an answer's tokens count; a left-out one still counts as an answer. */
  public enum Mask {
    COUNTED,
    LEFT_OUT
  }
}
