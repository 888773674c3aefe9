package io.medvol.rollout.objective;

import java.io.Serializable;

/**
 * How often the importance ratio left its range. A unit is a token, or an answer where the ratio is
 * per sequence.
 *
 * @param units what the counts are out of
 * @param low units with a ratio below the range and a negative advantage
 * @param high units with a ratio above the range, or above cispo's cap, and a positive advantage
 * @param lowestLow smallest share of low-clipped units in one answer; infinite if none
 * @param highestHigh largest share of high-clipped units in one answer; negative infinite if none
 */
public record ClipCounts(long units, long low, long high, double lowestLow, double highestHigh)
    implements Serializable {
  public static final ClipCounts NONE =
      new ClipCounts(0, 0, 0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);

  /** Those of one answer; an answer without units has no share. */
  static ClipCounts of(int units, int low, int high) {
    return units == 0
        ? NONE
        : new ClipCounts(units, low, high, low / (double) units, high / (double) units);
  }

  public ClipCounts plus(ClipCounts other) {
    return new ClipCounts(
        units + other.units,
        low + other.low,
        high + other.high,
        Math.min(lowestLow, other.lowestLow),
        Math.max(highestHigh, other.highestHigh));
  }

  public double meanLow() {
    return (double) low / Math.max(units, 1);
  }

  public double meanHigh() {
    return (double) high / Math.max(units, 1);
  }
}
