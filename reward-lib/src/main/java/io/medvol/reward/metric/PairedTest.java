package io.medvol.reward.metric;

import java.util.SplittableRandom;

/**
 * Whether two systems differ on cases both saw: the sign-flip permutation test of the mean
 * difference (Fisher, 1935), two-sided.
 */
public final class PairedTest {
  private static final int EXACT_CASES = 16;
  private static final int DRAWS = 10_000;

  private PairedTest() {}

  /**
   * The probability of a mean difference at least as large if the systems were exchangeable: exact
   * up to 16 cases, else from 10 000 draws; 1 without cases. Equal seeds give equal values.
   */
  public static double pValue(double[] first, double[] second, long seed) {
    if (first.length != second.length) {
      throw new IllegalArgumentException(
          "Paired values need one case each: " + first.length + " and " + second.length);
    }
    double[] differences = new double[first.length];
    double sum = 0;
    for (int i = 0; i < first.length; i++) {
      differences[i] = first[i] - second[i];
      sum += differences[i];
    }
    double limit = Math.abs(sum) - 1e-12;
    if (differences.length <= EXACT_CASES) {
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
