package io.medvol.grpo.advantage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.medvol.rollout.trajectory.Advantages;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AdvantageEstimatorTest {
  @Test
  void groupOfFourIsCentredAndDividedByItsSampleDeviation() {
    // mean 0.5; deviations -0.5, 0.5, 0, 0; variance 0.5 / 3
    Advantages found = one(ScaleRewards.GROUP, 0, 1, 0.5, 0.5);
    double expected = 0.5 / (Math.sqrt(0.5 / 3) + 1e-4);
    assertThat(found.toArray()).containsExactly(new double[] {-expected, expected, 0, 0});
  }

  @Test
  void unscaledAdvantagesAreTheDistancesFromTheMean() {
    assertThat(one(ScaleRewards.NONE, 0, 1, 0.5, 0.5).toArray()).containsExactly(-0.5, 0.5, 0, 0);
  }

  @Test
  void missingRewardIsLeftOutAndGetsNothing() {
    // the others: mean 0.5, deviation sqrt((0.09 + 0.16 + 0.01) / 2)
    Advantages found = one(ScaleRewards.GROUP, 0.2, Double.NaN, 0.9, 0.4);
    double std = Math.sqrt(0.13);
    assertThat(found.at(0)).isCloseTo(-0.3 / (std + 1e-4), within(1e-12));
    assertThat(found.at(1)).isZero();
    assertThat(found.at(2)).isCloseTo(0.4 / (std + 1e-4), within(1e-12));
    assertThat(found.at(3)).isCloseTo(-0.1 / (std + 1e-4), within(1e-12));
  }

  @Test
  void groupWithoutSpreadTeachesNothingAndIsCounted() {
    double[][] rewards = {{0.1, 0.1, 0.1}, {0, 1, 0}};
    AdvantageEstimate found = AdvantageEstimator.estimate(rewards, ScaleRewards.GROUP);
    assertThat(found.groups().get(0).allZero()).isTrue();
    assertThat(found.groups().get(1).allZero()).isFalse();
    assertThat(found.fracRewardZeroStd()).isEqualTo(0.5);
  }

  @Test
  void singleScorableAnswerIsNotItsOwnAdvantage() {
    assertThat(one(ScaleRewards.GROUP, Double.NaN, 0.7, Double.NaN).allZero()).isTrue();
    assertThat(one(ScaleRewards.NONE, Double.NaN, 0.7, Double.NaN).allZero()).isTrue();
  }

  @Test
  void groupWithoutAnyRewardGetsNothing() {
    assertThat(one(ScaleRewards.BATCH, Double.NaN, Double.NaN).allZero()).isTrue();
  }

  @Test
  void shiftOfAllRewardsDoesNotMatterAndAdvantagesSumToZero() {
    Random random = new Random(5);
    for (int round = 0; round < 50; round++) {
      double[] rewards = random.doubles(8).toArray();
      double[] shifted = rewards.clone();
      for (int i = 0; i < shifted.length; i++) {
        shifted[i] += 3;
      }
      double[] found = one(ScaleRewards.GROUP, rewards).toArray();
      double[] moved = one(ScaleRewards.GROUP, shifted).toArray();
      double sum = 0;
      for (int i = 0; i < found.length; i++) {
        assertThat(moved[i]).isCloseTo(found[i], within(1e-9));
        sum += found[i];
      }
      assertThat(sum).isCloseTo(0, within(1e-9));
    }
  }

  private static Advantages one(ScaleRewards scale, double... rewards) {
    return AdvantageEstimator.estimate(new double[][] {rewards}, scale).groups().get(0);
  }
}
