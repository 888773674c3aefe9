package io.medvol.rollout.objective;

/**
 * Weights that make answers of an older policy stand for answers of the old one: exp(old - sampling
 * log-probability), for each token or the whole answer, truncated or masked outside its bounds
 * (truncated importance sampling; TRL's vllm_importance_sampling_correction). Their logarithms are
 * bounded to ±20 before, as in verl.
 *
 * @param weights one for each token; null stands for ones
 */
record RolloutCorrection(double[] weights, SamplingDrift drift) {
  static final RolloutCorrection NONE = new RolloutCorrection(null, SamplingDrift.NONE);

  static RolloutCorrection of(OffPolicy offPolicy, Answer answer, double[] logProbs, int counted) {
    if (answer.samplingLogProbs() == null || !offPolicy.corrects()) {
      return NONE;
    }
    double[] old = answer.oldLogProbs() == null ? logProbs : answer.oldLogProbs();
    double[] weights = new double[logProbs.length];
    double sum = 0;
    double largest = 0;
    double total = 0;
    for (int t = 0; t < weights.length; t++) {
      weights[t] = t < counted ? old[t] - answer.samplingLogProbs()[t] : 0;
      total += weights[t];
      sum += Math.abs(weights[t]);
      largest = Math.max(largest, Math.abs(weights[t]));
    }
    boolean perAnswer = offPolicy.mode().perAnswer();
    for (int t = 0; t < weights.length; t++) {
      weights[t] = offPolicy.bound(Math.exp(LogRatios.bounded(perAnswer ? total : weights[t])));
    }
    int units = perAnswer ? Math.min(1, weights.length) : counted;
    return new RolloutCorrection(weights, SamplingDrift.of(counted, sum, largest, weights, units));
  }

  double at(int token) {
    return weights == null ? 1 : weights[token];
  }
}
