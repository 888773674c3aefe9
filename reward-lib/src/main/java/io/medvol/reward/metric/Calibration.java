package io.medvol.reward.metric;

import java.util.Arrays;
import java.util.Comparator;

/** How well confidences foretell correctness. */
public final class Calibration {
  private Calibration() {}

  /**
   * Expected calibration error (Naeini et al., 2015): over bins of equal width, the mean distance
   * between a bin's accuracy and its mean confidence, weighted by its cases; 0 without cases.
   *
   * @param confidences in 0..1; 1 belongs to the last bin
   * @param correctness 1 where the answer was right, else 0; or a quality between
   */
  public static double expectedError(double[] confidences, double[] correctness, int bins) {
    if (confidences.length != correctness.length || bins < 1) {
      throw new IllegalArgumentException(
          confidences.length
              + " confidences, "
              + correctness.length
              + " outcomes and "
              + bins
              + " bins do not fit");
    }
    double[] gap = new double[bins];
    for (int i = 0; i < confidences.length; i++) {
      if (!(confidences[i] >= 0 && confidences[i] <= 1)) {
        throw new IllegalArgumentException("A confidence lies in 0..1, not " + confidences[i]);
      }
      int bin = Math.min(bins - 1, (int) (confidences[i] * bins));
      gap[bin] += correctness[i] - confidences[i];
    }
    double sum = 0;
    for (double value : gap) {
      sum += Math.abs(value);
    }
    return confidences.length == 0 ? 0 : sum / confidences.length;
  }

  /**
   * Area under the risk-coverage curve (El-Yaniv and Wiener, 2010): the mean, over every number of
   * most confident answers kept, of what those answers lack to 1; lower is better, 0 without cases.
   * Answers of equal confidence count with their mean.
   */
  public static double areaUnderRiskCoverage(double[] confidences, double[] correctness) {
    if (confidences.length != correctness.length) {
      throw new IllegalArgumentException(
          confidences.length + " confidences and " + correctness.length + " outcomes do not fit");
    }
    Integer[] order = new Integer[confidences.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> -confidences[i]));
    double area = 0;
    double risk = 0;
    int kept = 0;
    while (kept < order.length) {
      int end = kept;
      double lacking = 0;
      while (end < order.length && confidences[order[end]] == confidences[order[kept]]) {
        lacking += 1 - correctness[order[end++]];
      }
      double each = lacking / (end - kept);
      for (; kept < end; kept++) {
        risk += each;
        area += risk / (kept + 1);
      }
    }
    return order.length == 0 ? 0 : area / order.length;
  }
}
