package io.medvol.grpo.advantage;

/**
 * Mean and sample standard deviation (n - 1) of the values that are not NaN.
 *
 * @param count values that are not NaN
 * @param mean NaN if there are none
 * @param std NaN if there are fewer than two
 */
public record SampleStatistics(int count, double mean, double std) {
  public static SampleStatistics of(double[] values) {
    return of(values, 0, values.length);
  }

  static SampleStatistics of(double[] values, int from, int to) {
    int count = 0;
    double sum = 0;
    for (int i = from; i < to; i++) {
      if (!Double.isNaN(values[i])) {
        count++;
        sum += values[i];
      }
    }
    double mean = count == 0 ? Double.NaN : sum / count;
    double squares = 0;
    for (int i = from; i < to; i++) {
      if (!Double.isNaN(values[i])) {
        squares += (values[i] - mean) * (values[i] - mean);
      }
    }
    double std = count < 2 ? Double.NaN : Math.sqrt(squares / (count - 1));
    return new SampleStatistics(count, mean, std);
  }
}
