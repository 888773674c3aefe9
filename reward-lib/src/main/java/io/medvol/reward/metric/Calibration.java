package io.medvol.reward.metric;

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
}
