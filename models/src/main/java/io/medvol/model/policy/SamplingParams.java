package io.medvol.model.policy;

import java.io.Serializable;

/**
 * How completions are drawn.
 *
 * @param temperature divides the logits; 0 takes the most likely token (greedy)
 * @param maxNewTokens limit of the completion's length in tokens
 */
public record SamplingParams(double temperature, int maxNewTokens) implements Serializable {
  public SamplingParams {
    if (!(temperature >= 0) || Double.isInfinite(temperature) || maxNewTokens < 1) {
      throw new IllegalArgumentException(
          "Sampling needs a temperature of at least 0 and max-new-tokens of at least 1, not "
              + temperature
              + " and "
              + maxNewTokens);
    }
  }
}
