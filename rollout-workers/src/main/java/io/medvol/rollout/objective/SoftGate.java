package io.medvol.rollout.objective;

/**
 * A sigmoid around a ratio of 1 in place of the clip: -sigma(tau (w - 1)) 4 / tau A, steeper for
 * negative advantages by default (arXiv 2511.20347). Its slope at w = 1 is -A.
 */
final class SoftGate implements Surrogate {
  private final Objective.SapoTemperatures temperatures;

  SoftGate(Objective.SapoTemperatures temperatures) {
    this.temperatures = temperatures;
  }

  @Override
  public double value(double ratio, double advantage, double logProb) {
    double tau = temperature(advantage);
    return -sigmoid(tau * (ratio - 1)) * 4 / tau * advantage;
  }

  @Override
  public double ratioSlope(double ratio, double advantage) {
    double gate = sigmoid(temperature(advantage) * (ratio - 1));
    return -4 * gate * (1 - gate) * advantage;
  }

  @Override
  public double logProbSlope(double ratio, double advantage) {
    return 0;
  }

  @Override
  public boolean clippedLow(double ratio, double advantage) {
    return false;
  }

  @Override
  public boolean clippedHigh(double ratio, double advantage) {
    return false;
  }

  private double temperature(double advantage) {
    return advantage > 0 ? temperatures.positive() : temperatures.negative();
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
