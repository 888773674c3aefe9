package io.medvol.rollout.objective;

/**
 * The loss of one token before masks, KL and weighting, as a function of a weight w (the importance
 * ratio, or what a loss makes of it), the advantage A and the token's log-probability.
 */
sealed interface Surrogate permits ClippedRatio, CappedWeight, SoftGate, GammaWeight {
  double value(double weight, double advantage, double logProb);

  /** Its derivative with respect to w. */
  double ratioSlope(double weight, double advantage);

  /** Its derivative with respect to the log-probability at fixed w. */
  double logProbSlope(double weight, double advantage);

  /** Whether this unit counts as clipped below the range. */
  boolean clippedLow(double ratio, double advantage);

  /** Whether this unit counts as clipped above the range. */
  boolean clippedHigh(double ratio, double advantage);

  /** The weight of each token; the importance ratio itself unless a loss has its own. */
  default double[] weights(
      double[] ratios, double[] logRatios, RolloutCorrection correction, int counted) {
    return ratios;
  }

  /** Whether the weights hold the correction of the rollout already. */
  default boolean correctsItself() {
    return false;
  }

  /** What an answer of this weight adds to the metric of vespo. */
  default double sequenceWeight(double weight, double advantage) {
    return 0;
  }
}
