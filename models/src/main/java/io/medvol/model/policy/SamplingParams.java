package io.medvol.model.policy;

import java.io.Serializable;
import java.util.List;

/**
 * How completions are drawn. The options are applied to the logits in the order of transformers:
 * repetition penalty, minimum length, temperature, top-k, top-p, min-p; what they leave is
 * normalised again, and a completion's log-probabilities are those of that distribution. Where they
 * leave out tokens or change logits ({@link #reshapes}), {@link PolicyModel#logProbs} is another
 * distribution, that of the temperature alone.
 *
 * @param temperature divides the logits; 0 takes the most likely token (greedy)
 * @param maxNewTokens limit of the completion's length in tokens
 * @param topP keeps the fewest most likely tokens that together have this probability; 1 keeps all
 * @param topK keeps so many of the most likely tokens, and those as likely as the last; 0 keeps all
 * @param minP keeps tokens at least this likely compared to the most likely one; 0 keeps all
 * @param repetitionPenalty divides the positive and multiplies the negative logits of tokens that
 *     stand in the prompt or the completion so far (arXiv 1909.05858); 1 leaves them
 * @param minNewTokens before so many tokens the completion cannot end by an end token
 * @param stopStrings texts after which the completion ends; they stay in it, and so does what else
 *     the token that completes one holds
 */
public record SamplingParams(
    double temperature,
    int maxNewTokens,
    double topP,
    int topK,
    double minP,
    double repetitionPenalty,
    int minNewTokens,
    List<String> stopStrings)
    implements Serializable {
  public SamplingParams {
    if (!(temperature >= 0) || Double.isInfinite(temperature) || maxNewTokens < 1) {
      throw new IllegalArgumentException(
          "Sampling needs a temperature of at least 0 and max-new-tokens of at least 1, not "
              + temperature
              + " and "
              + maxNewTokens);
    }
    if (!(topP > 0 && topP <= 1) || topK < 0 || !(minP >= 0 && minP <= 1)) {
      throw new IllegalArgumentException(
          "Sampling needs top-p in (0, 1], top-k of at least 0 and min-p in [0, 1], not "
              + topP
              + ", "
              + topK
              + " and "
              + minP);
    }
    if (!(repetitionPenalty > 0) || Double.isInfinite(repetitionPenalty)) {
      throw new IllegalArgumentException(
          "Sampling needs a repetition penalty above 0, not " + repetitionPenalty);
    }
    if (minNewTokens < 0 || minNewTokens > maxNewTokens) {
      throw new IllegalArgumentException(
          "Sampling needs min-new-tokens in 0 to "
              + maxNewTokens
              + " (max-new-tokens), not "
              + minNewTokens);
    }
    stopStrings = List.copyOf(stopStrings);
    if (stopStrings.contains("")) {
      throw new IllegalArgumentException("A stop string is empty: every completion would end");
    }
  }

  /** Draws from all tokens. */
  public SamplingParams(double temperature, int maxNewTokens) {
    this(temperature, maxNewTokens, 1, 0, 0, 1, 0, List.of());
  }

  /** Whether draws are from another distribution than softmax(logits / temperature). */
  public boolean reshapes() {
    return temperature == 0
        || topP < 1
        || topK > 0
        || minP > 0
        || repetitionPenalty != 1
        || minNewTokens > 0;
  }

  public SamplingParams withTopP(double value) {
    return new SamplingParams(
        temperature, maxNewTokens, value, topK, minP, repetitionPenalty, minNewTokens, stopStrings);
  }

  public SamplingParams withTopK(int value) {
    return new SamplingParams(
        temperature, maxNewTokens, topP, value, minP, repetitionPenalty, minNewTokens, stopStrings);
  }

  public SamplingParams withMinP(double value) {
    return new SamplingParams(
        temperature, maxNewTokens, topP, topK, value, repetitionPenalty, minNewTokens, stopStrings);
  }

  public SamplingParams withRepetitionPenalty(double value) {
    return new SamplingParams(
        temperature, maxNewTokens, topP, topK, minP, value, minNewTokens, stopStrings);
  }

  public SamplingParams withMinNewTokens(int value) {
    return new SamplingParams(
        temperature, maxNewTokens, topP, topK, minP, repetitionPenalty, value, stopStrings);
  }

  public SamplingParams withStopStrings(List<String> value) {
    return new SamplingParams(
        temperature, maxNewTokens, topP, topK, minP, repetitionPenalty, minNewTokens, value);
  }
}
