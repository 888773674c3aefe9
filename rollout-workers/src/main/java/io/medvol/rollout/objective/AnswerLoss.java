package io.medvol.rollout.objective;

import java.util.Arrays;

/**
 * The loss of one answer at its current log-probabilities: for each token surrogate, masks, rollout
 * correction and KL, in TRL's order; the KL term is neither masked nor corrected.
 */
final class AnswerLoss {
  private final Objective objective;
  private final GroupLoss loss;
  private final UpdateScope scope;
  private final Answer answer;
  private final double[] logProbs;
  private final double[] entropies;
  private final int counted;

  AnswerLoss(
      Objective objective,
      GroupLoss loss,
      UpdateScope scope,
      Answer answer,
      double[] logProbs,
      double[] entropies) {
    this.objective = objective;
    this.loss = loss;
    this.scope = scope;
    this.answer = answer;
    this.logProbs = logProbs;
    this.entropies = entropies;
    this.counted = answer.mask() == Answer.Mask.COUNTED ? logProbs.length : 0;
    requireLength(entropies);
    requireLength(answer.oldLogProbs());
    requireLength(answer.samplingLogProbs());
    requireLength(answer.decodedLogProbs());
    requireLength(answer.referenceLogProbs());
    if (objective.needsReference() && answer.referenceLogProbs() == null) {
      throw new IllegalArgumentException("A KL term needs reference log-probabilities");
    }
  }

  private void requireLength(double[] values) {
    if (values != null && values.length != logProbs.length) {
      throw new IllegalArgumentException(
          values.length + " values for an answer of " + logProbs.length + " tokens");
    }
  }

  /** Fills the loss and the gradient of every token, and says what they add up to. */
  ObjectiveSums evaluate(double[] losses, double[] gradient) {
    LogRatios logRatios = LogRatios.of(logProbs, answer.oldLogProbs(), counted);
    double[] ratios = ratios(logRatios);
    RolloutCorrection correction =
        RolloutCorrection.of(objective.offPolicy(), answer, logProbs, counted);
    Surrogate surrogate = loss.surrogate();
    double[] weights = surrogate.weights(ratios, logRatios.tokens(), correction, counted);
    double kept = keptOffPolicy() ? 1 : 0;
    double tokenWeight = loss.tokenWeight(counted, scope.denominators());
    double lossSum = 0;
    double klSum = 0;
    double entropySum = 0;
    double sharedSlope = 0;
    int bounded = 0;
    for (int t = 0; t < logProbs.length; t++) {
      double a = answer.advantage();
      double factor = kept * (entropies[t] >= scope.entropyThreshold() ? 1 : 0);
      factor *= surrogate.correctsItself() ? 1 : correction.at(t);
      double kl = objective.needsReference() ? objective.kl().value(difference(t), ratios[t]) : 0;
      losses[t] =
          factor * surrogate.value(weights[t], a, logProbs[t]) + objective.kl().lossWeight() * kl;
      if (counted == 0) {
        continue;
      }
      double throughRatio =
          factor * weights[t] * surrogate.ratioSlope(weights[t], a) + klThroughRatio(t, ratios[t]);
      double direct =
          factor * surrogate.logProbSlope(weights[t], a) + klThroughLogProb(t, ratios[t]);
      if (objective.ratioLevel() == RatioLevel.TOKEN) {
        direct += logRatios.moving()[t] * throughRatio;
      } else {
        sharedSlope += logRatios.answerMoving() * throughRatio / counted;
      }
      gradient[t] = tokenWeight * direct;
      lossSum += tokenWeight * losses[t];
      klSum += kl;
      entropySum += entropies[t];
      bounded += bounds(logRatios, t) ? 1 : 0;
    }
    if (objective.ratioLevel() == RatioLevel.SEQUENCE && counted > 0) {
      for (int t = 0; t < gradient.length; t++) {
        gradient[t] += tokenWeight * sharedSlope;
      }
    }
    return new ObjectiveSums(
        lossSum,
        counted,
        1,
        klSum,
        entropySum,
        clips(ratios),
        correction.drift(),
        decoding(),
        bounded,
        logProbs.length == 0 ? 0 : surrogate.sequenceWeight(weights[0], answer.advantage()));
  }

  private double[] ratios(LogRatios logRatios) {
    double[] ratios = new double[logProbs.length];
    if (objective.ratioLevel() == RatioLevel.SEQUENCE) {
      Arrays.fill(ratios, Math.exp(logRatios.answer()));
    } else {
      Arrays.setAll(ratios, t -> Math.exp(logRatios.tokens()[t]));
    }
    return ratios;
  }

  /** Whether the ratio of a token, or its distance from the reference, is a bound. */
  private boolean bounds(LogRatios logRatios, int t) {
    double moving =
        objective.ratioLevel() == RatioLevel.TOKEN
            ? logRatios.moving()[t]
            : logRatios.answerMoving();
    return moving == 0 || (objective.needsReference() && objective.kl().bounds(difference(t)));
  }

  /** How far decoding was from the pass that gives the loss its log-probabilities. */
  private SamplingDrift decoding() {
    double[] decoded = answer.decodedLogProbs();
    if (decoded == null) {
      return SamplingDrift.NONE;
    }
    double[] scored = logProbs;
    if (answer.samplingLogProbs() != null) {
      scored = answer.samplingLogProbs();
    } else if (answer.oldLogProbs() != null) {
      scored = answer.oldLogProbs();
    }
    double sum = 0;
    double largest = 0;
    for (int t = 0; t < counted; t++) {
      double gap = Math.abs(scored[t] - decoded[t]);
      sum += gap;
      largest = Math.max(largest, gap);
    }
    return SamplingDrift.of(counted, sum, largest, new double[0], 0);
  }

  /** An answer worse than its group that has drifted too far from its policy is not learnt from. */
  private boolean keptOffPolicy() {
    double[] drawn =
        answer.samplingLogProbs() == null ? answer.oldLogProbs() : answer.samplingLogProbs();
    if (answer.advantage() >= 0 || drawn == null || counted == 0) {
      return true;
    }
    double drift = 0;
    for (int t = 0; t < counted; t++) {
      drift += drawn[t] - logProbs[t];
    }
    return drift / counted <= objective.offPolicy().maskThreshold();
  }

  private double difference(int t) {
    return answer.referenceLogProbs()[t] - logProbs[t];
  }

  private double klThroughRatio(int t, double ratio) {
    return objective.kl().inLoss()
        ? objective.kl().beta() * ratio * objective.kl().ratioSlope(difference(t))
        : 0;
  }

  private double klThroughLogProb(int t, double ratio) {
    return objective.kl().inLoss()
        ? objective.kl().beta() * objective.kl().logProbSlope(difference(t), ratio)
        : 0;
  }

  private ClipCounts clips(double[] ratios) {
    boolean perAnswer = objective.ratioLevel() == RatioLevel.SEQUENCE;
    int units = perAnswer ? Math.min(1, ratios.length) : counted;
    int low = 0;
    int high = 0;
    for (int t = 0; t < units; t++) {
      low += loss.surrogate().clippedLow(ratios[t], answer.advantage()) ? 1 : 0;
      high += loss.surrogate().clippedHigh(ratios[t], answer.advantage()) ? 1 : 0;
    }
    return ClipCounts.of(units, low, high);
  }
}
