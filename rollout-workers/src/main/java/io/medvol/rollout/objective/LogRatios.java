package io.medvol.rollout.objective;

import java.util.Arrays;

/**
 * The logarithms of an answer's importance ratios, bounded as in verl: those of tokens to ±20, that
 * of an answer to at most 10. A bounded ratio does not depend on the policy: its derivative is 0.
 *
 * @param tokens the bounded logarithm of each token's ratio
 * @param answer the bounded mean of the unbounded ones
 * @param moving 1 for each token whose ratio follows the policy, 0 where it is bounded
 * @param answerMoving the same for the ratio of the answer
 */
record LogRatios(double[] tokens, double answer, double[] moving, double answerMoving) {
  private static final double MOST = 20;
  private static final double MOST_OF_ANSWER = 10;

  /**
   * @param old null takes the current ones, so that every ratio is 1
   * @param counted tokens of the answer that count
   */
  static LogRatios of(double[] logProbs, double[] old, int counted) {
    double[] free = new double[logProbs.length];
    if (old != null) {
      Arrays.setAll(free, t -> logProbs[t] - old[t]);
    }
    double mean = counted == 0 ? 0 : Arrays.stream(free).sum() / counted;
    return new LogRatios(
        Arrays.stream(free).map(LogRatios::bounded).toArray(),
        Math.min(mean, MOST_OF_ANSWER),
        Arrays.stream(free).map(ratio -> outside(ratio) ? 0 : 1).toArray(),
        mean > MOST_OF_ANSWER ? 0 : 1);
  }

  static double bounded(double logRatio) {
    return Math.min(Math.max(logRatio, -MOST), MOST);
  }

  static boolean outside(double logRatio) {
    return Math.abs(logRatio) > MOST;
  }
}
