package io.medvol.rollout.objective;

import java.util.Arrays;

/**
 * REINFORCE weighted by a detached gamma shape of the answer's ratio w = product over its tokens:
 * -stop(phi(w)) A log p with phi(w) = e^lambda w^k e^(-lambda w), which is 1 at w = 1.
 */
final class GammaWeight implements Surrogate {
  private static final double LOWEST_LOG = Math.log(1e-8);
  private static final double HIGHEST_LOG = 20;
  private static final double LOWEST_LAMBDA = 1e-4;

  private final Objective.VespoShape shape;

  GammaWeight(Objective.VespoShape shape) {
    this.shape = shape;
  }

  /** The answer's ratio, the rollout's correction included, in every place. */
  @Override
  public double[] weights(
      double[] ratios, double[] logRatios, RolloutCorrection correction, int counted) {
    double sum = 0;
    for (int t = 0; t < counted; t++) {
      sum += Math.min(Math.max(logRatios[t], -HIGHEST_LOG), HIGHEST_LOG);
      sum += bounded(Math.log(correction.at(t)));
    }
    double[] weights = new double[ratios.length];
    Arrays.fill(weights, Math.exp(bounded(sum)));
    return weights;
  }

  private static double bounded(double log) {
    return Math.min(Math.max(log, LOWEST_LOG), HIGHEST_LOG);
  }

  @Override
  public boolean correctsItself() {
    return true;
  }

  @Override
  public double value(double weight, double advantage, double logProb) {
    return -phi(weight, advantage) * advantage * logProb;
  }

  @Override
  public double ratioSlope(double weight, double advantage) {
    return 0;
  }

  @Override
  public double logProbSlope(double weight, double advantage) {
    return -phi(weight, advantage) * advantage;
  }

  @Override
  public double sequenceWeight(double weight, double advantage) {
    return phi(weight, advantage);
  }

  private double phi(double weight, double advantage) {
    double k = advantage >= 0 ? shape.kPos() : shape.kNeg();
    double lambda = Math.max(LOWEST_LAMBDA, advantage >= 0 ? shape.lambdaPos() : shape.lambdaNeg());
    double phi = Math.exp(lambda + k * Math.log(weight) - lambda * weight);
    return Double.isFinite(phi) ? phi : 0;
  }

  @Override
  public boolean clippedLow(double ratio, double advantage) {
    return false;
  }

  @Override
  public boolean clippedHigh(double ratio, double advantage) {
    return false;
  }
}
