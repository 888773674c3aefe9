package io.medvol.data.volume;

import java.util.Arrays;

/**
 * The contrast stretch of the released MedVol-R1 code: each slice between two of its own
 * percentiles, so that equal tissue looks different from slice to slice. Only for reproducing the
 * paper; {@link HounsfieldWindow} is the rule otherwise.
 *
 * @param lower percentile shown as 0
 * @param upper percentile shown as 255
 */
public record PercentileStretch(double lower, double upper) {
  /** The percentiles of the paper. */
  public static final PercentileStretch PAPER = new PercentileStretch(1, 99);

  public PercentileStretch {
    if (!(lower >= 0 && lower < upper && upper <= 100)) {
      throw new IllegalArgumentException(
          "Percentiles need 0 <= lower < upper <= 100, not " + lower + " and " + upper);
    }
  }

  /**
   * Grey values 0..255 as unsigned bytes. NaN and infinities count as 0; where both percentiles are
   * equal, the smallest and largest value take their place; a constant slice becomes 0.
   */
  public byte[] greys(float[] slice) {
    double[] values = new double[slice.length];
    for (int i = 0; i < slice.length; i++) {
      values[i] = Float.isFinite(slice[i]) ? slice[i] : 0;
    }
    byte[] greys = new byte[slice.length];
    if (slice.length == 0) {
      return greys;
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double low = percentile(sorted, lower);
    double high = percentile(sorted, upper);
    if (!(high > low)) {
      low = sorted[0];
      high = sorted[sorted.length - 1];
    }
    if (high > low) {
      for (int i = 0; i < values.length; i++) {
        double unit = Math.max(0, Math.min(1, (values[i] - low) / (high - low)));
        greys[i] = (byte) (int) (unit * 255 + 0.5);
      }
    }
    return greys;
  }

  /** Linear interpolation between the order statistics around (n - 1) · percent / 100. */
  static double percentile(double[] sorted, double percent) {
    double position = percent / 100 * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (sorted[above] - sorted[below]) * (position - below);
  }
}
