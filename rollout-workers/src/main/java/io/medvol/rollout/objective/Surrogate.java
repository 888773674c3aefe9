package io.medvol.rollout.objective;

/**
 * The loss of one token before KL and weighting, as a function of the importance ratio w, the
 * advantage A and the token's log-probability.
 */
sealed interface Surrogate permits ClippedRatio, CappedWeight, SoftGate {
  double value(double ratio, double advantage, double logProb);

  /** Its derivative with respect to w. */
  double ratioSlope(double ratio, double advantage);

  /** Its derivative with respect to the log-probability at fixed w. */
  double logProbSlope(double ratio, double advantage);

  /** Whether this unit counts as clipped below the range. */
  boolean clippedLow(double ratio, double advantage);

  /** Whether this unit counts as clipped above the range. */
  boolean clippedHigh(double ratio, double advantage);
}
