package io.medvol.rollout.objective;

import java.util.Arrays;
import java.util.List;

/**
 * The GRPO loss over some answers of an update: sum over tokens of weight * (surrogate + beta k3),
 * with k3 = exp(ref - log p) - (ref - log p) - 1 (semantics and metric names of TRL 1.13).
 *
 * <p>Immutable. Since weights hold global denominators, losses and gradients over disjoint sets of
 * answers add up to those over their union.
 */
public final class PolicyLoss {
  private final Objective objective;
  private final LossDenominators denominators;
  private final Surrogate surrogate;
  private final List<Answer> answers;

  public PolicyLoss(Objective objective, LossDenominators denominators, List<Answer> answers) {
    this.objective = objective;
    this.denominators = denominators;
    this.surrogate = objective.lossType().surrogate(objective);
    this.answers = List.copyOf(answers);
  }

  /**
   * @param logProbs {@code [answer][token]}, nats
   * @param entropies {@code [answer][token]}, nats; only logged
   */
  public LossEvaluation evaluate(double[][] logProbs, double[][] entropies) {
    if (logProbs.length != answers.size() || entropies.length != answers.size()) {
      throw new IllegalArgumentException(
          logProbs.length + " rows of log-probabilities for " + answers.size() + " answers");
    }
    double[][] losses = new double[logProbs.length][];
    double[][] gradient = new double[logProbs.length][];
    ObjectiveSums sums = ObjectiveSums.ZERO;
    for (int i = 0; i < logProbs.length; i++) {
      losses[i] = new double[logProbs[i].length];
      gradient[i] = new double[logProbs[i].length];
      Row row = new Row(answers.get(i), logProbs[i], entropies[i]);
      sums = sums.plus(row.evaluate(losses[i], gradient[i]));
    }
    return new LossEvaluation(losses, gradient, sums);
  }

  /** One answer at its current log-probabilities. */
  private final class Row {
    private final Answer answer;
    private final double[] logProbs;
    private final double[] entropies;
    private final int counted;

    private Row(Answer answer, double[] logProbs, double[] entropies) {
      this.answer = answer;
      this.logProbs = logProbs;
      this.entropies = entropies;
      this.counted = answer.mask() == Answer.Mask.COUNTED ? logProbs.length : 0;
      requireLength(entropies);
      requireLength(answer.oldLogProbs());
      requireLength(answer.referenceLogProbs());
      if (objective.beta() > 0 && answer.referenceLogProbs() == null) {
        throw new IllegalArgumentException("A KL term needs reference log-probabilities");
      }
    }

    private void requireLength(double[] values) {
      if (values != null && values.length != logProbs.length) {
        throw new IllegalArgumentException(
            values.length + " values for an answer of " + logProbs.length + " tokens");
      }
    }

    private ObjectiveSums evaluate(double[] losses, double[] gradient) {
      double[] ratios = ratios();
      double weight = objective.lossType().tokenWeight(counted, denominators);
      double sharedSlope = 0;
      double loss = 0;
      double klSum = 0;
      double entropySum = 0;
      for (int t = 0; t < logProbs.length; t++) {
        double w = ratios[t];
        double a = answer.advantage();
        double kl = kl(t, w);
        losses[t] = surrogate.value(w, a, logProbs[t]) + objective.beta() * kl;
        if (counted == 0) {
          continue;
        }
        double throughRatio = w * (surrogate.ratioSlope(w, a) + objective.beta() * klRatioSlope(t));
        double direct = surrogate.logProbSlope(w, a) + objective.beta() * klLogProbSlope(t, w);
        if (objective.ratioLevel() == RatioLevel.TOKEN) {
          direct += throughRatio;
        } else {
          sharedSlope += throughRatio / counted;
        }
        gradient[t] = weight * direct;
        loss += weight * losses[t];
        klSum += kl;
        entropySum += entropies[t];
      }
      if (objective.ratioLevel() == RatioLevel.SEQUENCE && counted > 0) {
        for (int t = 0; t < gradient.length; t++) {
          gradient[t] += weight * sharedSlope;
        }
      }
      return clipCounts(ratios, loss, klSum, entropySum);
    }

    private double[] ratios() {
      double[] ratios = new double[logProbs.length];
      double sum = 0;
      for (int t = 0; t < ratios.length; t++) {
        double logRatio = answer.oldLogProbs() == null ? 0 : logProbs[t] - answer.oldLogProbs()[t];
        ratios[t] = Math.exp(logRatio);
        sum += logRatio;
      }
      if (objective.ratioLevel() == RatioLevel.SEQUENCE) {
        Arrays.fill(ratios, Math.exp(counted == 0 ? 0 : sum / counted));
      }
      return ratios;
    }

    private double kl(int t, double ratio) {
      if (objective.beta() == 0) {
        return 0;
      }
      return k3(t) * (weightsKl() ? ratio : 1);
    }

    private double klRatioSlope(int t) {
      return objective.beta() > 0 && weightsKl() ? k3(t) : 0;
    }

    private double klLogProbSlope(int t, double ratio) {
      if (objective.beta() == 0) {
        return 0;
      }
      double slope = 1 - Math.exp(answer.referenceLogProbs()[t] - logProbs[t]);
      return slope * (weightsKl() ? ratio : 1);
    }

    private boolean weightsKl() {
      return objective.klWeight() == Objective.KlWeight.RATIO;
    }

    private double k3(int t) {
      double difference = answer.referenceLogProbs()[t] - logProbs[t];
      return Math.exp(difference) - difference - 1;
    }

    private ObjectiveSums clipCounts(double[] ratios, double loss, double kl, double entropy) {
      boolean perAnswer = objective.ratioLevel() == RatioLevel.SEQUENCE;
      int units = perAnswer ? Math.min(1, logProbs.length) : counted;
      int low = 0;
      int high = 0;
      for (int t = 0; t < units; t++) {
        low += surrogate.clippedLow(ratios[t], answer.advantage()) ? 1 : 0;
        high += surrogate.clippedHigh(ratios[t], answer.advantage()) ? 1 : 0;
      }
      double share = Math.max(units, 1);
      return new ObjectiveSums(
          loss, counted, 1, kl, entropy, units, low, high, low / share, high / share);
    }
  }
}
