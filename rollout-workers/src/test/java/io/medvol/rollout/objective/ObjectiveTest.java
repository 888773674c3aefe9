package io.medvol.rollout.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.medvol.data.error.MedVolException;
import io.medvol.rollout.fixture.Objectives;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Cases that can be counted by hand, and laws every loss obeys. */
class ObjectiveTest {
  private static final double[][] NO_ENTROPY = {{0}};

  /** One answer of one token whose ratio is {@code ratio}. */
  private static LossEvaluation one(Objective objective, double advantage, double ratio) {
    Answer answer =
        new Answer(advantage, new double[] {-Math.log(ratio) - 1}, null, Answer.Mask.COUNTED);
    return new PolicyLoss(objective, UpdateScope.of(new LossDenominators(1, 1, 4)), List.of(answer))
        .evaluate(new double[][] {{-1}}, NO_ENTROPY);
  }

  @Test
  void dualClippingBoundsTheLossOfANegativeAdvantageAlone() {
    Objective dual = Objectives.of("clip-ratio-c=3");
    assertThat(one(dual, -2, 5).sums().loss()).isCloseTo(6, within(1e-12));
    assertThat(one(dual, -2, 5).gradient()[0][0]).isZero();
    assertThat(one(dual, -2, 2.5).sums().loss()).isCloseTo(5, within(1e-12));
    assertThat(one(dual, -2, 2.5).gradient()[0][0]).isCloseTo(5, within(1e-12));
    assertThat(one(dual, 2, 5).sums().loss()).isCloseTo(-2.4, within(1e-12));
    assertThat(one(Objectives.of(), -2, 5).sums().loss()).isCloseTo(10, within(1e-12));
  }

  @Test
  void dualClippingIsTwoSidedClippingWhereBothAreAboveTheRange() {
    Random random = new Random(3);
    for (int i = 0; i < 200; i++) {
      double ratio = Math.exp(2 * random.nextGaussian());
      double advantage = random.nextGaussian();
      LossEvaluation dual = one(Objectives.of("clip-ratio-c=2"), advantage, ratio);
      LossEvaluation delta = one(Objectives.of("delta=2"), advantage, ratio);
      assertThat(dual.sums().loss()).isCloseTo(delta.sums().loss(), within(1e-12));
      assertThat(dual.gradient()[0][0]).isCloseTo(delta.gradient()[0][0], within(1e-12));
    }
  }

  @Test
  void aLogRatioOf50IsBoundedAndMovesNothing() {
    LossEvaluation outlier = one(Objectives.of(), -2, Math.exp(50));
    assertThat(outlier.sums().loss()).isCloseTo(2 * Math.exp(20), within(1e-3));
    assertThat(outlier.gradient()[0][0]).isZero();
    assertThat(outlier.sums().bounded()).isEqualTo(1);
    assertThat(one(Objectives.of(), -2, Math.exp(19)).gradient()[0][0])
        .isCloseTo(2 * Math.exp(19), within(1.0));
    assertThat(one(Objectives.of(), -2, Math.exp(19)).sums().bounded()).isZero();
  }

  @Test
  void theRatioOfAnAnswerIsBoundedAsAWhole() {
    Objective objective = Objectives.of("importance-sampling-level=sequence", "loss-type=grpo");
    LossEvaluation outlier = one(objective, -2, Math.exp(50));
    assertThat(outlier.sums().loss()).isCloseTo(2 * Math.exp(10), within(1e-6));
    assertThat(outlier.gradient()[0][0]).isZero();
    assertThat(outlier.sums().bounded()).isEqualTo(1);
    assertThat(one(objective, -2, Math.exp(9)).gradient()[0][0])
        .isCloseTo(2 * Math.exp(9), within(1e-6));
  }

  @Test
  void anOutlierOfTheReferenceIsBoundedAndCounted() {
    for (double difference : new double[] {50, 3, -15, -50}) {
      assertThat(KlEstimator.K3.value(difference, 10)).isEqualTo(10);
      assertThat(KlEstimator.K3.slope(difference, 10)).isZero();
    }
    assertThat(KlEstimator.K3.value(2, 10)).isEqualTo(Math.exp(2) - 3);
    assertThat(KlEstimator.K3.slope(2, 10)).isEqualTo(1 - Math.exp(2));
    assertThat(KlEstimator.K3.value(3, Double.POSITIVE_INFINITY)).isEqualTo(Math.exp(3) - 4);
    Answer answer = new Answer(0, new double[] {-60}, new double[] {-10}, Answer.Mask.COUNTED);
    LossEvaluation found =
        new PolicyLoss(
                Objectives.of("beta=0.1", "use-bias-correction-kl=false"),
                UpdateScope.of(new LossDenominators(1, 1, 4)),
                List.of(answer))
            .evaluate(new double[][] {{-60}}, NO_ENTROPY);
    assertThat(found.sums().loss()).isCloseTo(1, within(1e-12));
    assertThat(found.gradient()[0][0]).isZero();
    assertThat(found.sums().bounded()).isEqualTo(1);
  }

  @Test
  void theDistanceToDecodingIsMeasuredWhateverTheLossReads() {
    double[] decoded = {-1.25};
    Answer current = new Answer(1, null, null, decoded, null, Answer.Mask.COUNTED);
    Answer recorded = new Answer(1, new double[] {-1}, null, decoded, null, Answer.Mask.COUNTED);
    for (Answer answer : List.of(current, recorded)) {
      SamplingDrift gap =
          new PolicyLoss(
                  Objectives.of(), UpdateScope.of(new LossDenominators(1, 1, 4)), List.of(answer))
              .evaluate(new double[][] {{-1}}, NO_ENTROPY)
              .sums()
              .decoding();
      assertThat(gap.meanDifference()).isEqualTo(0.25);
      assertThat(gap.largestDifference()).isEqualTo(0.25);
    }
  }

  @Test
  void estimatorsOfTheDivergenceAreSchulmans() {
    // log p = -1, log reference = -1.5: d = -0.5
    assertThat(kl("k1")).isCloseTo(0.1 * 0.5, within(1e-12));
    assertThat(kl("k2")).isCloseTo(0.1 * 0.125, within(1e-12));
    assertThat(kl("k3")).isCloseTo(0.1 * (Math.exp(-0.5) + 0.5 - 1), within(1e-12));
    assertThat(klSlope("k1")).isCloseTo(0.1, within(1e-12));
    assertThat(klSlope("k2")).isCloseTo(0.1 * 0.5, within(1e-12));
    assertThat(klSlope("k3")).isCloseTo(0.1 * (1 - Math.exp(-0.5)), within(1e-12));
  }

  private static double kl(String estimator) {
    return evaluateKl(estimator, "false").sums().loss();
  }

  private static double klSlope(String estimator) {
    return evaluateKl(estimator, "false").gradient()[0][0];
  }

  private static LossEvaluation evaluateKl(String estimator, String inReward) {
    Objective objective =
        Objectives.of(
            "beta=0.1",
            "kl-estimator=" + estimator,
            "kl-in-reward=" + inReward,
            "use-bias-correction-kl=false");
    Answer answer = new Answer(0, new double[] {-1}, new double[] {-1.5}, Answer.Mask.COUNTED);
    return new PolicyLoss(objective, UpdateScope.of(new LossDenominators(1, 1, 4)), List.of(answer))
        .evaluate(new double[][] {{-1}}, NO_ENTROPY);
  }

  @Test
  void divergenceInTheRewardIsMeasuredButNotInTheLoss() {
    LossEvaluation found = evaluateKl("k1", "true");
    assertThat(found.sums().loss()).isZero();
    assertThat(found.gradient()[0][0]).isZero();
    assertThat(found.sums().meanKl()).isCloseTo(0.5, within(1e-12));
  }

  @Test
  void highestTokenAloneIsKeptWhereTheShareIsNone() {
    double[] entropies = {0.1, 2, 0.7, 1.9};
    assertThat(EntropyThreshold.of(entropies, 0)).isEqualTo(2);
    assertThat(EntropyThreshold.of(entropies, 1)).isEqualTo(0.1);
    assertThat(EntropyThreshold.of(entropies, 0.5)).isCloseTo(1.3, within(1e-12));
    assertThat(EntropyThreshold.of(new double[0], 0.5)).isInfinite();
  }

  @Test
  void orderAndCutOfTheAnswersDoNotMatter() {
    Random random = new Random(11);
    List<Answer> answers = new ArrayList<>();
    double[][] logProbs = new double[6][];
    double[][] entropies = new double[6][];
    long tokens = 0;
    for (int i = 0; i < 6; i++) {
      int length = 1 + random.nextInt(7);
      logProbs[i] = random.doubles(length, -3, 0).toArray();
      entropies[i] = random.doubles(length, 0, 2).toArray();
      answers.add(
          new Answer(
              random.nextGaussian(),
              random.doubles(length, -3, 0).toArray(),
              random.doubles(length, -3, 0).toArray(),
              random.doubles(length, -3, 0).toArray(),
              i == 2 ? Answer.Mask.LEFT_OUT : Answer.Mask.COUNTED));
      tokens += i == 2 ? 0 : length;
    }
    UpdateScope scope = new UpdateScope(new LossDenominators(6, tokens, tokens, 9), 0.8);
    int[] order = {3, 0, 5, 2, 4, 1};
    for (LossType type : LossType.values()) {
      Objective objective =
          Objectives.of("loss-type=" + type, "beta=0.1", "importance-sampling-mode=token-mask");
      LossEvaluation whole =
          new PolicyLoss(objective, scope, answers).evaluate(logProbs, entropies);
      ObjectiveSums sums = ObjectiveSums.ZERO;
      for (int i : order) {
        LossEvaluation part =
            new PolicyLoss(objective, scope, List.of(answers.get(i)))
                .evaluate(new double[][] {logProbs[i]}, new double[][] {entropies[i]});
        assertThat(part.gradient()[0]).as(type.name()).isEqualTo(whole.gradient()[i]);
        sums = sums.plus(part.sums());
      }
      assertThat(sums.loss()).as(type.name()).isCloseTo(whole.sums().loss(), within(1e-12));
      assertThat(sums.tokens()).isEqualTo(whole.sums().tokens());
      assertThat(sums.meanKl()).isCloseTo(whole.sums().meanKl(), within(1e-12));
      assertThat(sums.drift().meanWeight())
          .isCloseTo(whole.sums().drift().meanWeight(), within(1e-12));
      assertThat(sums.clips()).isEqualTo(whole.sums().clips());
    }
  }

  @Test
  void boundsOfTheCorrectionMustBeInOrder() {
    assertThatThrownBy(() -> Objectives.of("importance-sampling-clip-min=3"))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("importance-sampling-clip-max");
    assertThatThrownBy(() -> Objectives.of("clip-ratio-c=1"))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("clip-ratio-c");
  }
}
