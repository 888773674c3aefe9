package io.medvol.model.qwen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.model.policy.FinishReason;
import io.medvol.model.policy.TokenIds;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenSamplerTest {
  private static final TokenIds END = TokenIds.of(3);

  /** At temperature 2 the logits 0, 2 ln 3 have the probabilities 1/4 and 3/4. */
  @Test
  void drawsInProportionToTheProbabilities() {
    int rows = 20_000;
    float[] logits = repeat(rows, 0, (float) (2 * Math.log(3)), -200, -200);
    TokenSampler sampler =
        new TokenSampler(2, TokenIds.of(), END, LongStream.range(0, rows).toArray());
    int ones = 0;
    for (int id : sampler.choose(0, logits)) {
      ones += id;
    }
    // Three standard deviations of a binomial share.
    assertThat((double) ones / rows).isCloseTo(0.75, within(3 * Math.sqrt(0.1875 / rows)));
    assertThat(sampler.logProbs(0).at(0))
        .isCloseTo(Math.log(sampler.tokens(0).at(0) == 1 ? 0.75 : 0.25), within(1e-6));
  }

  @Test
  void uniformNumbersOfNeighbouringSeedsAndPositionsAreUnrelated() {
    int count = 20_000;
    for (boolean alongSeeds : new boolean[] {true, false}) {
      double sum = 0;
      double product = 0;
      double previous = 0.5;
      for (int i = 0; i < count; i++) {
        double u = alongSeeds ? TokenSampler.uniform(i, 7) : TokenSampler.uniform(7, i);
        assertThat(u).isBetween(0.0, Math.nextDown(1.0));
        sum += u;
        product += (u - 0.5) * (previous - 0.5);
        previous = u;
      }
      assertThat(sum / count).isCloseTo(0.5, within(3 * Math.sqrt(1.0 / 12 / count)));
      assertThat(product / count).isCloseTo(0, within(3.0 / 12 / Math.sqrt(count)));
    }
  }

  @Test
  void aDrawDependsOnItsSeedAndPositionOnly() {
    float[] flat = new float[1000];
    int alone = new TokenSampler(1, TokenIds.of(), END, new long[] {11}).choose(5, flat.clone())[0];
    int[] inGroup =
        new TokenSampler(1, TokenIds.of(), END, new long[] {4, 11}).choose(5, new float[2000]);
    assertThat(inGroup[1]).isEqualTo(alone);
    assertThat(inGroup[0]).isNotEqualTo(alone);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1})
  void neverTakesAnExcludedToken(double temperature) {
    TokenSampler sampler = new TokenSampler(temperature, TokenIds.of(1), END, new long[] {5});
    assertThat(sampler.choose(0, new float[] {0, 90, -40, -50})).containsExactly(0);
    assertThat(sampler.logProbs(0).at(0)).isCloseTo(0, within(1e-9));
  }

  @Test
  void greedyTakesTheFirstOfTheMostLikely() {
    TokenSampler sampler = new TokenSampler(0, TokenIds.of(), END, new long[] {5});
    assertThat(sampler.choose(0, new float[] {1, 2, 2, 0})).containsExactly(1);
  }

  @Test
  void aRowThatStopsIsAskedForNoMore() {
    TokenSampler sampler = new TokenSampler(0, TokenIds.of(), TokenIds.of(2, 3), new long[3]);
    assertThat(sampler.unfinished()).containsExactly(0, 1, 2);
    assertThat(sampler.choose(0, new float[] {9, 0, 0, 0, 0, 0, 0, 9, 0, 9, 0, 0}))
        .containsExactly(0, 3, 1);
    assertThat(sampler.unfinished()).containsExactly(0, 2);
    assertThat(sampler.choose(1, new float[] {0, 0, 9, 0, 9, 0, 0, 0})).containsExactly(2, 0);
    assertThat(sampler.unfinished()).containsExactly(2);
    sampler.choose(2, new float[] {0, 0, 0, 9});
    assertThat(sampler.unfinished()).isEmpty();
    assertThat(sampler.tokens(0)).isEqualTo(TokenIds.of(0, 2));
    assertThat(sampler.tokens(1)).isEqualTo(TokenIds.of(3));
    assertThat(sampler.tokens(2)).isEqualTo(TokenIds.of(1, 0, 3));
    assertThat(sampler.finishReason(1)).isEqualTo(FinishReason.STOP);
    assertThat(sampler.logProbs(1).length()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
  void refusesLogitsThatAreNotFinite(float value) {
    TokenSampler sampler = new TokenSampler(1, TokenIds.of(), END, new long[] {5});
    assertThatThrownBy(() -> sampler.choose(0, new float[] {0, value, 0, 0}))
        .isInstanceOfSatisfying(
            MedVolException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_CONFIG))
        .hasMessageContaining("has diverged")
        .hasMessageContaining("not finite");
  }

  private static float[] repeat(int rows, float... row) {
    float[] all = new float[rows * row.length];
    for (int i = 0; i < rows; i++) {
      System.arraycopy(row, 0, all, i * row.length, row.length);
    }
    return all;
  }
}
