package io.medvol.grpo.advantage;

import io.medvol.rollout.trajectory.Advantages;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Group-relative advantages as TRL computes them: (r - mean of the group) / (std + 1e-4), standard
 * deviations of the sample (n - 1). An answer without a reward (NaN) is left out of mean and std
 * and gets 0; a group without spread gets 0 throughout.
 */
public final class AdvantageEstimator {
  private static final double EPSILON = 1e-4;

  /** A spread below this is rounding: the group says nothing about its answers. */
  public static final double ZERO_STD = 1e-6;

  private AdvantageEstimator() {}

  /**
   * @param rewards {@code [group][answer]}; NaN where missing
   */
  public static AdvantageEstimate estimate(double[][] rewards, ScaleRewards scale) {
    double[] all = flatten(rewards);
    SampleStatistics batch = SampleStatistics.of(all);
    List<Advantages> advantages = new ArrayList<>(rewards.length);
    int zeroStd = 0;
    for (double[] group : rewards) {
      SampleStatistics own = SampleStatistics.of(group);
      double spread = scale == ScaleRewards.BATCH ? batch.std() : own.std();
      double divisor = scale == ScaleRewards.NONE ? 1 : spread + EPSILON;
      boolean flat = own.std() < ZERO_STD;
      advantages.add(Advantages.of(flat ? new double[group.length] : scale(group, own, divisor)));
      zeroStd += spread < ZERO_STD ? group.length : 0;
    }
    return new AdvantageEstimate(advantages, batch, zeroStd / (double) Math.max(all.length, 1));
  }

  /**
   * Each term normalised within its group, summed with its weight, and the sums normalised over the
   * batch, so that no term is drowned by another of wider spread (GDPO, arXiv 2601.05242).
   *
   * @param terms {@code [term][group][answer]}; NaN where missing
   * @param weights one for each term
   */
  public static AdvantageEstimate normalizeThenSum(double[][][] terms, double[] weights) {
    double[][][] normalized = new double[terms.length][][];
    for (int k = 0; k < terms.length; k++) {
      normalized[k] = new double[terms[k].length][];
      for (int g = 0; g < terms[k].length; g++) {
        SampleStatistics own = SampleStatistics.of(terms[k][g]);
        normalized[k][g] = new double[terms[k][g].length];
        for (int i = 0; i < terms[k][g].length; i++) {
          normalized[k][g][i] = (terms[k][g][i] - own.mean()) / (own.std() + EPSILON);
        }
      }
    }
    double[][] sums = weightedSum(normalized, weights, terms);
    SampleStatistics batch = SampleStatistics.of(flatten(sums));
    List<Advantages> advantages = new ArrayList<>();
    for (double[] group : sums) {
      advantages.add(Advantages.of(scale(group, batch, batch.std() + EPSILON)));
    }
    SampleStatistics rewards = SampleStatistics.of(flatten(weightedSum(terms, weights, terms)));
    return new AdvantageEstimate(advantages, rewards, batch.std() < ZERO_STD ? 1 : 0);
  }

  /**
   * Weighted sums of the terms that are there; NaN where all are missing.
   *
   * @param terms {@code [term][group][answer]}
   */
  public static double[][] weightedSum(double[][][] terms, double[] weights) {
    return weightedSum(terms, weights, terms);
  }

  private static double[][] weightedSum(
      double[][][] values, double[] weights, double[][][] presence) {
    double[][] sums = new double[values[0].length][];
    for (int g = 0; g < sums.length; g++) {
      sums[g] = new double[values[0][g].length];
      for (int i = 0; i < sums[g].length; i++) {
        boolean any = false;
        for (int k = 0; k < values.length; k++) {
          any |= !Double.isNaN(presence[k][g][i]);
          sums[g][i] += Double.isNaN(values[k][g][i]) ? 0 : weights[k] * values[k][g][i];
        }
        sums[g][i] = any ? sums[g][i] : Double.NaN;
      }
    }
    return sums;
  }

  private static double[] scale(double[] rewards, SampleStatistics centre, double divisor) {
    double[] scaled = new double[rewards.length];
    for (int i = 0; i < rewards.length; i++) {
      double value = (rewards[i] - centre.mean()) / divisor;
      scaled[i] = Double.isNaN(value) ? 0 : value;
    }
    return scaled;
  }

  private static double[] flatten(double[][] rows) {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
  }
}
