package io.medvol.rollout.objective;

import java.io.Serializable;

/**
 * What a loss leaves behind besides its gradient: sums that add up over partitions, from which the
 * driver computes TRL's metrics. Tokens are those inside the completion mask.
 *
 * @param loss the part of the loss itself, denominators applied
 * @param tokens tokens counted
 * @param sequences answers counted, left-out ones included
 * @param kl sum over tokens of the KL estimate
 * @param entropy sum over tokens, nats
 * @param clipUnits what clip counts are out of: tokens, or answers where the ratio is per sequence
 * @param clippedLow units with a ratio below the range and a negative advantage
 * @param clippedHigh units with a ratio above the range, or above cispo's cap, and a positive
 *     advantage
 * @param lowestClippedLow smallest share of low-clipped units in one answer; infinite if none
 * @param highestClippedHigh largest share of high-clipped units in one answer; negative infinite if
 *     none
 */
public record ObjectiveSums(
    double loss,
    long tokens,
    long sequences,
    double kl,
    double entropy,
    long clipUnits,
    long clippedLow,
    long clippedHigh,
    double lowestClippedLow,
    double highestClippedHigh)
    implements Serializable {
  public static final ObjectiveSums ZERO =
      new ObjectiveSums(0, 0, 0, 0, 0, 0, 0, 0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);

  public ObjectiveSums plus(ObjectiveSums other) {
    return new ObjectiveSums(
        loss + other.loss,
        tokens + other.tokens,
        sequences + other.sequences,
        kl + other.kl,
        entropy + other.entropy,
        clipUnits + other.clipUnits,
        clippedLow + other.clippedLow,
        clippedHigh + other.clippedHigh,
        Math.min(lowestClippedLow, other.lowestClippedLow),
        Math.max(highestClippedHigh, other.highestClippedHigh));
  }

  public double meanKl() {
    return kl / Math.max(tokens, 1);
  }

  public double meanEntropy() {
    return entropy / Math.max(tokens, 1);
  }

  public double meanClippedLow() {
    return (double) clippedLow / Math.max(clipUnits, 1);
  }

  public double meanClippedHigh() {
    return (double) clippedHigh / Math.max(clipUnits, 1);
  }
}
