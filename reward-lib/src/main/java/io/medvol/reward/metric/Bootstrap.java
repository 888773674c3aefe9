package io.medvol.reward.metric;

import java.util.Arrays;
import java.util.Collection;
import java.util.SplittableRandom;

/**
 * Percentile bootstrap of a mean (Efron, 1979): clusters of values, such as the questions about one
 * scan, are drawn whole and with replacement, and the interval is cut from the means over the drawn
 * values. Equal seeds give equal intervals.
 *
 * @param resamples how often clusters are drawn
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

  /** The mean of values that are independent of each other: each is a cluster of its own. */
  public ConfidenceInterval mean(double[] values) {
    return mean(Arrays.stream(values).mapToObj(value -> new double[] {value}).toList());
  }

  /**
   * The mean over all values, whatever their cluster. One cluster has no interval, since it says
   * nothing of how clusters differ: its ends are NaN. Without values every part is NaN.
   *
   * @param clusters the values of each; one without values counts as none
   */
  public ConfidenceInterval mean(Collection<double[]> clusters) {
    double[][] filled =
        clusters.stream().filter(values -> values.length > 0).toArray(double[][]::new);
    double[] sums =
        Arrays.stream(filled).mapToDouble(values -> Arrays.stream(values).sum()).toArray();
    double mean = Arrays.stream(sums).sum() / Arrays.stream(filled).mapToInt(v -> v.length).sum();
    if (filled.length < 2) {
      return new ConfidenceInterval(filled.length == 0 ? Double.NaN : mean, Double.NaN, Double.NaN);
    }
    SplittableRandom random = new SplittableRandom(seed);
    double[] means = new double[resamples];
    for (int i = 0; i < resamples; i++) {
      double sum = 0;
      long count = 0;
      for (int draw = 0; draw < filled.length; draw++) {
        int cluster = random.nextInt(filled.length);
        sum += sums[cluster];
        count += filled[cluster].length;
      }
      means[i] = sum / count;
    }
    Arrays.sort(means);
    double tail = (1 - confidence) / 2;
    return new ConfidenceInterval(
        mean,
        means[(int) Math.floor(tail * (resamples - 1))],
        means[(int) Math.ceil((1 - tail) * (resamples - 1))]);
  }
}
