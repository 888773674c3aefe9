package io.medvol.rollout.objective;

/**
 * REINFORCE weighted by the detached ratio, capped: -stop(min(w, epsilon-high)) A log p. No token
 * loses its gradient. The cap is the ratio itself, not a distance from 1.
 */
final class CappedWeight implements Surrogate {
  private final double cap;

  CappedWeight(double cap) {
    this.cap = cap;
  }

  @Override
  public double value(double ratio, double advantage, double logProb) {
    return -Math.min(ratio, cap) * advantage * logProb;
  }

  @Override
  public double ratioSlope(double ratio, double advantage) {
    return 0;
  }

  @Override
  public double logProbSlope(double ratio, double advantage) {
    return -Math.min(ratio, cap) * advantage;
  }

  @Override
  public boolean clippedLow(double ratio, double advantage) {
    return false;
  }

  @Override
  public boolean clippedHigh(double ratio, double advantage) {
    return ratio > cap && advantage > 0;
  }
}
