package io.medvol.rollout.objective;

import java.io.Serializable;

/**
 * The global counts of one update, by which sums over tokens are divided.
 *
 * @param sequences answers of the update, masked ones included
 * @param tokens unmasked tokens of the update
 * @param stepTokens unmasked tokens of the whole generation step, divided by the updates it is cut
 *     into; those of the update itself where it is not cut
 * @param maxCompletionLength limit of an answer's length, for dr_grpo
 */
public record LossDenominators(
    double sequences, double tokens, double stepTokens, int maxCompletionLength)
    implements Serializable {
  public LossDenominators {
    if (!(sequences > 0) || !(tokens >= 0) || !(stepTokens >= 0) || maxCompletionLength < 1) {
      throw new IllegalArgumentException(
          "A loss needs answers and a completion length, not %s answers, %s tokens, %s tokens of the"
                  .formatted(sequences, tokens, stepTokens)
              + " step and a length of "
              + maxCompletionLength);
    }
  }

  /** Of a step that is one update. */
  public LossDenominators(double sequences, double tokens, int maxCompletionLength) {
    this(sequences, tokens, tokens, maxCompletionLength);
  }
}
