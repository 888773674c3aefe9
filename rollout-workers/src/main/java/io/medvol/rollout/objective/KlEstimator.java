package io.medvol.rollout.objective;

/**
 * Estimates of KL(policy || reference) from one token's log-probabilities (Schulman, Approximating
 * KL Divergence, 2020), with d = log reference - log p. K3 is bounded as in verl, so that no token
 * outweighs an update: d to ±20, and the estimate to a limit. Outside its derivative is 0.
 */
public enum KlEstimator {
  /** -d: unbiased, of any sign. */
  K1,
  /** d²/2: never negative, biased. */
  K2,
  /** exp(d) - d - 1: unbiased, never negative. */
  K3;

  /**
   * @param most limit of k3; infinite for none
   */
  public double value(double difference, double most) {
    return switch (this) {
      case K1 -> -difference;
      case K2 -> 0.5 * difference * difference;
      case K3 -> Math.min(free(LogRatios.bounded(difference)), most);
    };
  }

  /** Whether the estimate of this token is a bound. */
  boolean bounds(double difference, double most) {
    return this == K3
        && (LogRatios.outside(difference) || free(LogRatios.bounded(difference)) > most);
  }

  private static double free(double difference) {
    return Math.exp(difference) - difference - 1;
  }

  /** Its derivative with respect to log p. */
  public double slope(double difference, double most) {
    return switch (this) {
      case K1 -> 1;
      case K2 -> -difference;
      case K3 -> bounds(difference, most) ? 0 : 1 - Math.exp(difference);
    };
  }
}
