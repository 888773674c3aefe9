package io.medvol.reward.propagation;

import java.util.Arrays;

/**
 * The intensities taken for one structure: median plus or minus a multiple of the median absolute
 * deviation, scaled to a standard deviation. Robust up to half the values being something else, and
 * wide where the values are mixed.
 *
 * @param low lowest value inside
 * @param high highest value inside
 */
record IntensityBand(double low, double high) {
  /** Makes the median absolute deviation of a normal distribution its standard deviation. */
  private static final double MAD_TO_SIGMA = 1.4826;

  /**
   * @param values at least one; sorted by this call
   * @param deviations half the width in standard deviations
   * @param smallestHalfWidth which noise-free values get as well
   */
  static IntensityBand of(int[] values, double deviations, double smallestHalfWidth) {
    double median = median(values);
    int[] distances = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      distances[i] = (int) Math.round(Math.abs(values[i] - median));
    }
    double sigma = MAD_TO_SIGMA * median(distances);
    double halfWidth = Math.max(smallestHalfWidth, deviations * sigma);
    return new IntensityBand(median - halfWidth, median + halfWidth);
  }

  boolean contains(int value) {
    return value >= low && value <= high;
  }

  private static double median(int[] values) {
    Arrays.sort(values);
    int middle = values.length / 2;
    return values.length % 2 == 1
        ? values[middle]
        : (values[middle - 1] + (double) values[middle]) / 2;
  }
}
