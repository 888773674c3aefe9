package io.medvol.reward.metric;

/**
 * What one system has over another on cases both saw.
 *
 * @param cases number of them
 * @param difference mean of first less second, with its 95 per cent bootstrap interval
 * @param pValue of the sign-flip permutation test
 */
public record PairedComparison(int cases, ConfidenceInterval difference, double pValue) {
  /**
   * Compares values case by case. Equal seeds give equal results.
   *
   * @throws IllegalArgumentException if there are not as many of one as of the other
   */
  public static PairedComparison of(double[] first, double[] second, long seed) {
    return new PairedComparison(
        first.length,
        Bootstrap.withSeed(seed).pairedDifference(first, second),
        PairedTest.pValue(first, second, seed));
  }
}
