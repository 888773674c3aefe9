package io.medvol.data.volume;

import java.util.Arrays;

/**
 * The intensity rule of M3D's data sets: values in units of the foreground's spread. Foreground is
 * what lies above the mean of the volume; values are clipped to its 0.05 and 99.95 percentiles,
 * then its mean is subtracted and its population standard deviation divided out.
 */
public final class ForegroundNormalisation {
  private static final double LOWER_PERCENTILE = 0.05;
  private static final double UPPER_PERCENTILE = 99.95;
  private static final double SMALLEST_SPREAD = 1e-8;

  private ForegroundNormalisation() {}

  /**
   * The normalised values of a whole volume, in the order given. A volume without foreground, such
   * as a constant one, becomes 0.
   *
   * @param voxels finite values, in any order
   */
  public static float[] of(float[] voxels) {
    double[] values = widened(voxels);
    double mean = mean(values);
    double[] foreground = Arrays.stream(values).filter(value -> value > mean).toArray();
    float[] normalised = new float[voxels.length];
    if (foreground.length == 0) {
      return normalised;
    }
    double centre = mean(foreground);
    double spread = Math.max(deviation(foreground, centre), SMALLEST_SPREAD);
    Arrays.sort(foreground);
    double low = PercentileStretch.percentile(foreground, LOWER_PERCENTILE);
    double high = PercentileStretch.percentile(foreground, UPPER_PERCENTILE);
    for (int i = 0; i < voxels.length; i++) {
      normalised[i] = (float) ((Math.max(low, Math.min(high, voxels[i])) - centre) / spread);
    }
    return normalised;
  }

  private static double[] widened(float[] voxels) {
    double[] values = new double[voxels.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = voxels[i];
    }
    return values;
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(0);
  }

  private static double deviation(double[] values, double mean) {
    return Math.sqrt(
        Arrays.stream(values).map(value -> (value - mean) * (value - mean)).average().orElse(0));
  }
}
