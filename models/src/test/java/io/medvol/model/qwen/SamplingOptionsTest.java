package io.medvol.model.qwen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.medvol.model.policy.SamplingParams;
import io.medvol.model.policy.TokenIds;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplingOptionsTest {
  private static final int DRAWS = 4000;
  private static final SamplingParams PLAIN = new SamplingParams(1, 64);

  /** Probabilities 0.4, 0.3, 0.15, 0.1, 0.05. */
  private static final double[] PROBABILITIES = {0.1, 0.4, 0.05, 0.3, 0.15};

  private static float[] logits(double temperature) {
    float[] logits = new float[PROBABILITIES.length];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) (temperature * Math.log(PROBABILITIES[i]));
    }
    return logits;
  }

  /** Draws many times from the same logits: how often each token came, and its probability. */
  private static Map<Integer, Double> draws(
      SamplingParams params, TokenIds prompt, TokenIds end, float[] logits) {
    TokenSampler sampler =
        new TokenSampler(params, prompt, TokenIds.of(), end, LongStream.range(0, DRAWS).toArray());
    float[] all = new float[DRAWS * logits.length];
    for (int i = 0; i < DRAWS; i++) {
      System.arraycopy(logits, 0, all, i * logits.length, logits.length);
    }
    int[] tokens = sampler.choose(0, all);
    Map<Integer, Double> counts = new TreeMap<>();
    Map<Integer, Double> stated = new TreeMap<>();
    for (int i = 0; i < DRAWS; i++) {
      counts.merge(tokens[i], 1.0 / DRAWS, Double::sum);
      stated.put(tokens[i], Math.exp(sampler.logProbs(i).at(0)));
    }
    assertThat(stated.values().stream().mapToDouble(p -> p).sum()).isCloseTo(1, within(1e-6));
    // Four standard deviations of a frequency of 4,000 draws.
    stated.forEach((token, p) -> assertThat(counts.get(token)).isCloseTo(p, within(0.032)));
    return stated;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1    | 0 | 0    | 0 1 2 3 4
          0.7  | 0 | 0    | 1 3
          0.71 | 0 | 0    | 1 3 4
          0.01 | 0 | 0    | 1
          1    | 1 | 0    | 1
          1    | 3 | 0    | 1 3 4
          1    | 9 | 0    | 0 1 2 3 4
          1    | 0 | 0.3  | 1 3 4
          1    | 0 | 1    | 1
          0.6  | 3 | 0    | 1 3
          1    | 4 | 0.26 | 1 3 4
          """)
  void optionsLeaveTheLikelyTokens(double topP, int topK, double minP, String left) {
    for (double temperature : new double[] {1, 0.5}) {
      SamplingParams params =
          new SamplingParams(temperature, 64).withTopP(topP).withTopK(topK).withMinP(minP);
      Map<Integer, Double> stated =
          draws(params, TokenIds.of(), TokenIds.of(), logits(temperature));
      StringBuilder tokens = new StringBuilder();
      double sum = 0;
      for (int token : stated.keySet()) {
        tokens.append(tokens.isEmpty() ? "" : " ").append(token);
        sum += PROBABILITIES[token];
      }
      assertThat(tokens.toString()).isEqualTo(left);
      for (int token : stated.keySet()) {
        assertThat(stated.get(token)).isCloseTo(PROBABILITIES[token] / sum, within(1e-6));
      }
    }
  }

  /** Top-p counts the probability that top-k left: 0.4 of 0.7 is less than 0.6, of 1 as well. */
  @Test
  void topPComesAfterTopK() {
    SamplingParams params = PLAIN.withTopK(2).withTopP(0.55);
    assertThat(draws(params, TokenIds.of(), TokenIds.of(), logits(1))).containsOnlyKeys(1);
  }

  @Test
  void equallyLikelyTokensAtTheEdgeAreCutByTheirIds() {
    float[] flat = new float[8];
    assertThat(draws(PLAIN.withTopP(0.5), TokenIds.of(), TokenIds.of(), flat))
        .containsOnlyKeys(0, 1, 2, 3);
  }

  @Test
  void theEndIsForbiddenUntilTheShortestLength() {
    TokenSampler sampler =
        new TokenSampler(
            new SamplingParams(0, 64).withMinNewTokens(2),
            TokenIds.of(),
            TokenIds.of(),
            TokenIds.of(1),
            new long[1]);
    for (int position = 0; sampler.unfinished().length > 0; position++) {
      sampler.choose(position, logits(1));
    }
    assertThat(sampler.tokens(0)).isEqualTo(TokenIds.of(3, 3, 1));
    assertThat(sampler.logProbs(0).at(0)).isCloseTo(Math.log(0.3 / 0.6), within(1e-6));
    assertThat(sampler.logProbs(0).at(2)).isCloseTo(Math.log(0.4), within(1e-6));
  }

  @Test
  void repeatedTokensOfPromptAndCompletionArePenalised() {
    float[] logits = {1, 2, -1, 0.5f};
    TokenSampler sampler =
        new TokenSampler(
            new SamplingParams(0, 64).withRepetitionPenalty(4),
            TokenIds.of(2, 900),
            TokenIds.of(),
            TokenIds.of(),
            new long[1]);
    assertThat(sampler.choose(0, logits.clone())).containsExactly(1);
    double sum = Math.exp(1) + Math.exp(2) + Math.exp(-4) + Math.exp(0.5);
    assertThat(sampler.logProbs(0).at(0)).isCloseTo(2 - Math.log(sum), within(1e-6));
    // 2 / 4 is now behind 1; then 1 / 4 is behind 2 / 4.
    assertThat(sampler.choose(1, logits.clone())).containsExactly(0);
    assertThat(sampler.choose(2, logits.clone())).containsExactly(1);
  }

  @Test
  void aRowKnowsNothingOfItsNeighbours() {
    SamplingParams params = PLAIN.withTopP(0.9).withRepetitionPenalty(1.5);
    TokenSampler pair = sampler(params, 5, 77);
    TokenSampler alone = sampler(params, 77);
    TokenSampler other = sampler(params, 6, 77);
    for (int position = 0; position < 30; position++) {
      float[] row = logits(1 + position % 3);
      pair.choose(position, both(logits(2), row));
      other.choose(position, both(logits(1), row));
      alone.choose(position, row.clone());
    }
    assertThat(pair.tokens(1)).isEqualTo(alone.tokens(0)).isEqualTo(other.tokens(1));
    assertThat(pair.logProbs(1)).isEqualTo(alone.logProbs(0));
  }

  private static TokenSampler sampler(SamplingParams params, long... seeds) {
    return new TokenSampler(params, TokenIds.of(), TokenIds.of(), TokenIds.of(), seeds);
  }

  private static float[] both(float[] first, float[] second) {
    float[] rows = new float[first.length + second.length];
    System.arraycopy(first, 0, rows, 0, first.length);
    System.arraycopy(second, 0, rows, first.length, second.length);
    return rows;
  }

  @Test
  void impossibleOptionsAreRefused() {
    assertThatThrownBy(() -> PLAIN.withTopP(0)).hasMessageContaining("top-p in (0, 1]");
    assertThatThrownBy(() -> PLAIN.withTopP(1.5)).hasMessageContaining("1.5");
    assertThatThrownBy(() -> PLAIN.withTopK(-1)).hasMessageContaining("top-k");
    assertThatThrownBy(() -> PLAIN.withMinP(Double.NaN)).hasMessageContaining("min-p");
    assertThatThrownBy(() -> PLAIN.withRepetitionPenalty(0)).hasMessageContaining("penalty");
    assertThatThrownBy(() -> PLAIN.withMinNewTokens(65)).hasMessageContaining("0 to 64");
  }
}
