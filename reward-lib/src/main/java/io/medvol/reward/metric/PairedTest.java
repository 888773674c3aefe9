package io.medvol.reward.metric;

import java.util.Arrays;
import java.util.Collection;
import java.util.SplittableRandom;

/**
 * Whether two systems differ on cases both saw: the sign-flip permutation test of the mean
 * difference (Fisher, 1935), two-sided. The differences of one cluster, such as the questions about
 * one scan, change their sign together.
 */
public final class PairedTest {
  private static final int EXACT_CLUSTERS = 16;
  private static final int DRAWS = 10_000;

  private PairedTest() {}

  /**
   * The probability of a mean difference at least as large if the systems were exchangeable: exact
   * up to 16 clusters, else from 10 000 draws; 1 without cases. Equal seeds give equal values.
   *
   * @param clusters the differences of each
   */
  public static double pValue(Collection<double[]> clusters, long seed) {
    double[] differences =
        clusters.stream().mapToDouble(cluster -> Arrays.stream(cluster).sum()).toArray();
    double limit = Math.abs(Arrays.stream(differences).sum()) - 1e-12;
    if (differences.length <= EXACT_CLUSTERS) {
      int all = 1 << differences.length;
      int extreme = 0;
      for (int signs = 0; signs < all; signs++) {
        extreme += Math.abs(flipped(differences, signs)) >= limit ? 1 : 0;
      }
      return extreme / (double) all;
    }
    SplittableRandom random = new SplittableRandom(seed);
    int extreme = 1;
    for (int draw = 0; draw < DRAWS; draw++) {
      double drawn = 0;
      for (double difference : differences) {
        drawn += random.nextBoolean() ? difference : -difference;
      }
      extreme += Math.abs(drawn) >= limit ? 1 : 0;
    }
    return extreme / (DRAWS + 1.0);
  }

  private static double flipped(double[] differences, int signs) {
    double sum = 0;
    for (int i = 0; i < differences.length; i++) {
      sum += (signs >> i & 1) == 0 ? differences[i] : -differences[i];
    }
    return sum;
  }
}
