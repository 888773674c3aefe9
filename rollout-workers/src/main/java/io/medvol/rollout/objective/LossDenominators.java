package io.medvol.rollout.objective;

import java.io.Serializable;

/**
 * The global counts of one update, by which sums over tokens are divided.
 *
 * @param sequences answers of the update, masked ones included
 * @param tokens unmasked tokens of the update
 * @param maxCompletionLength limit of an answer's length, for dr_grpo
 */
public record LossDenominators(double sequences, double tokens, int maxCompletionLength)
    implements Serializable {
  public LossDenominators {
    if (!(sequences > 0) || !(tokens >= 0) || maxCompletionLength < 1) {
      throw new IllegalArgumentException(
          "A loss needs answers and a completion length, not "
              + sequences
              + " answers, "
              + tokens
              + " tokens and a length of "
              + maxCompletionLength);
    }
  }
}
