package io.medvol.rollout.objective;

import java.util.Arrays;

/**
 * The entropy a token must reach to have a policy loss (arXiv 2506.01939): the quantile of all
 * tokens of the update that leaves the configured share above it, interpolated linearly.
 */
public final class EntropyThreshold {
  private EntropyThreshold() {}

  /**
   * @param entropies of all counted tokens of the update, in any order
   * @param topQuantile share that is kept, 0 to 1; 0 keeps the highest alone
   */
  public static double of(double[] entropies, double topQuantile) {
    if (entropies.length == 0) {
      return Double.POSITIVE_INFINITY;
    }
    double[] sorted = entropies.clone();
    Arrays.sort(sorted);
    double rank = (1 - topQuantile) * (sorted.length - 1);
    int below = (int) Math.floor(rank);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (rank - below) * (sorted[above] - sorted[below]);
  }
}
