package io.medvol.reward.metric;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Percentile bootstrap of a mean over cases (Efron, 1979): cases are drawn with replacement, and
 * the interval is cut from the means so obtained. Equal seeds give equal intervals.
 *
 * @param resamples how often cases are drawn
 * @param confidence share of the means inside the interval, such as 0.95
 * @param seed of the draws
 */
public record Bootstrap(int resamples, double confidence, long seed) {
  public Bootstrap {
    if (resamples < 1 || !(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException(
          "A bootstrap needs resamples of at least 1 and a confidence between 0 and 1, not "
              + resamples
              + " and "
              + confidence);
    }
  }

  /** Two thousand resamples, 95 per cent. */
  public static Bootstrap withSeed(long seed) {
    return new Bootstrap(2000, 0.95, seed);
  }

  /** The mean of the values, one for each case; NaN in all parts without any. */
  public ConfidenceInterval mean(double[] values) {
    if (values.length == 0) {
      return new ConfidenceInterval(Double.NaN, Double.NaN, Double.NaN);
    }
    SplittableRandom random = new SplittableRandom(seed);
    double[] means = new double[resamples];
    for (int i = 0; i < resamples; i++) {
      double sum = 0;
      for (int draw = 0; draw < values.length; draw++) {
        sum += values[random.nextInt(values.length)];
      }
      means[i] = sum / values.length;
    }
    Arrays.sort(means);
    double tail = (1 - confidence) / 2;
    return new ConfidenceInterval(
        Arrays.stream(values).sum() / values.length,
        means[(int) Math.floor(tail * (resamples - 1))],
        means[(int) Math.ceil((1 - tail) * (resamples - 1))]);
  }

  /**
   * The mean of {@code first - second} over cases both systems saw; an interval without 0 is a
   * difference.
   */
  public ConfidenceInterval pairedDifference(double[] first, double[] second) {
    if (first.length != second.length) {
      throw new IllegalArgumentException(
          "Paired values need one case each: " + first.length + " and " + second.length);
    }
    double[] differences = new double[first.length];
    Arrays.setAll(differences, i -> first[i] - second[i]);
    return mean(differences);
  }
}
