package io.medvol.model.qwen;

import io.medvol.model.policy.SamplingParams;
import java.util.Arrays;

/**
 * Leaves out unlikely tokens: top-k, then top-p among the rest, then min-p. Works on weights that
 * are proportional to probabilities, the largest being 1; what is left out gets weight 0.
 */
final class TokenFilter {
  private final SamplingParams params;

  TokenFilter(SamplingParams params) {
    this.params = params;
  }

  void apply(double[] weights) {
    if (params.topK() > 0 && params.topK() < weights.length) {
      keepFrom(weights, largest(weights, params.topK()));
    }
    if (params.topP() < 1) {
      keepNucleus(weights);
    }
    if (params.minP() > 0) {
      keepFrom(weights, params.minP());
    }
  }

  private static void keepFrom(double[] weights, double bound) {
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] < bound) {
        weights[i] = 0;
      }
    }
  }

  private static double largest(double[] weights, int rank) {
    double[] sorted = weights.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length - rank];
  }

  /** Of equally likely tokens at the edge of the nucleus, those with the smaller ids stay. */
  private void keepNucleus(double[] weights) {
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    // Tokens below this bound have together less than the probability that is left out: most of a
    // large vocabulary need not be sorted.
    double bound = (1 - params.topP()) * sum / weights.length;
    double[] sorted = Arrays.stream(weights).filter(weight -> weight >= bound).sorted().toArray();
    double wanted = params.topP() * sum;
    double kept = 0;
    int last = sorted.length;
    while (last > 0 && kept < wanted) {
      kept += sorted[--last];
    }
    double edge = sorted[last];
    int ties = 0;
    for (int i = last; i < sorted.length && sorted[i] == edge; i++) {
      ties++;
    }
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] < edge || weights[i] == edge && ties-- <= 0) {
        weights[i] = 0;
      }
    }
  }
}
