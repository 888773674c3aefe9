package io.medvol.rollout.objective;

import java.io.Serializable;

/**
 * How far the policy has moved from the one that drew the answers, and what that did to their
 * weights: sums from which the driver computes TRL's {@code sampling/...} metrics.
 *
 * @param tokens tokens compared; 0 where every answer was drawn from the old policy
 * @param difference sum of |old - sampling log-probability|
 * @param largestDifference the largest of them
 * @param units weights, one for each token or answer
 * @param weights their sum, after truncation or masking
 * @param smallestWeight infinite if there are none
 * @param largestWeight negative infinite if there are none
 */
public record SamplingDrift(
    long tokens,
    double difference,
    double largestDifference,
    long units,
    double weights,
    double smallestWeight,
    double largestWeight)
    implements Serializable {
  public static final SamplingDrift NONE =
      new SamplingDrift(0, 0, 0, 0, 0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);

  static SamplingDrift of(
      int tokens, double difference, double largestDifference, double[] weights, int units) {
    double sum = 0;
    double smallest = Double.POSITIVE_INFINITY;
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < units; i++) {
      sum += weights[i];
      smallest = Math.min(smallest, weights[i]);
      largest = Math.max(largest, weights[i]);
    }
    return new SamplingDrift(tokens, difference, largestDifference, units, sum, smallest, largest);
  }

  public SamplingDrift plus(SamplingDrift other) {
    return new SamplingDrift(
        tokens + other.tokens,
        difference + other.difference,
        Math.max(largestDifference, other.largestDifference),
        units + other.units,
        weights + other.weights,
        Math.min(smallestWeight, other.smallestWeight),
        Math.max(largestWeight, other.largestWeight));
  }

  public double meanDifference() {
    return difference / Math.max(tokens, 1);
  }

  public double meanWeight() {
    return weights / Math.max(units, 1);
  }
}
