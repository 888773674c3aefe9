package io.medvol.reward.metric;

import java.util.Collection;

/**
 * What one system has over another on cases both saw. Cases of one cluster, such as the questions
 * about one scan, are not independent: interval and test are over clusters.
 *
 * @param cases number of them
 * @param clusters they fall into
 * @param difference mean over cases of first less second, with its 95 per cent bootstrap interval
 * @param pValue of the sign-flip permutation test
 */
public record PairedComparison(
    int cases, int clusters, ConfidenceInterval difference, double pValue) {
  /**
   * Compares two systems. Equal seeds give equal results.
   *
   * @param differences of first less second, one for each case, by cluster; none of them empty
   */
  public static PairedComparison of(Collection<double[]> differences, long seed) {
    return new PairedComparison(
        differences.stream().mapToInt(cluster -> cluster.length).sum(),
        differences.size(),
        Bootstrap.withSeed(seed).mean(differences),
        PairedTest.pValue(differences, seed));
  }
}
