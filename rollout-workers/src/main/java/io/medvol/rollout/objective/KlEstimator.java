package io.medvol.rollout.objective;

/**
 * Estimates of KL(policy || reference) from one token's log-probabilities (Schulman, Approximating
 * KL Divergence, 2020), with d = log reference - log p.
 */
public enum KlEstimator {
  /** -d: unbiased, of any sign. */
  K1,
  /** d²/2: never negative, biased. */
  K2,
  /** exp(d) - d - 1: unbiased, never negative. */
  K3;

  public double value(double difference) {
    return switch (this) {
      case K1 -> -difference;
      case K2 -> 0.5 * difference * difference;
      case K3 -> Math.exp(difference) - difference - 1;
    };
  }

  /** Its derivative with respect to log p. */
  public double slope(double difference) {
    return switch (this) {
      case K1 -> 1;
      case K2 -> -difference;
      case K3 -> 1 - Math.exp(difference);
    };
  }
}
