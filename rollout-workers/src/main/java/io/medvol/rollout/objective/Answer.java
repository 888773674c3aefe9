package io.medvol.rollout.objective;

import java.util.Objects;

/**
 * What the loss knows of one answer besides its current log-probabilities.
 *
 * @param advantage of the answer
 * @param oldLogProbs one for each token; null takes the current ones, detached, so that the ratio
 *     is 1
 * @param referenceLogProbs one for each token; null without a KL term
 * @param mask whether the answer's tokens count
 */
public record Answer(
    double advantage, double[] oldLogProbs, double[] referenceLogProbs, Mask mask) {
  public Answer {
    Objects.requireNonNull(mask, "mask");
  }

  /** Whether an answer's tokens count; a left-out one still counts as an answer. */
  public enum Mask {
    COUNTED,
    LEFT_OUT
  }
}
