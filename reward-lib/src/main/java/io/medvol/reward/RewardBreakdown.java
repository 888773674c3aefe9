package io.medvol.reward;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Every term of one completion's reward, in the order of the configuration, and their weighted sum.
 *
 * @param terms name of the term to its value
 * @param total weighted sum over the terms; NaN if a weighted term failed, or the sum is larger
 *     than {@link RewardValue#LARGEST} in size
 */
public record RewardBreakdown(Map<String, RewardValue> terms, double total)
    implements Serializable {
  public RewardBreakdown {
    terms = Collections.unmodifiableMap(new LinkedHashMap<>(terms));
  }

  /**
   * Sums the terms by weight. A term of weight 0, or without a weight, is kept but does not count,
   * so that its failure does not spoil the total.
   */
  public static RewardBreakdown weighted(
      Map<String, RewardValue> terms, Map<String, Double> weights) {
    double total = 0;
    for (Map.Entry<String, RewardValue> term : terms.entrySet()) {
      double weight = weights.getOrDefault(term.getKey(), 0.0);
      if (weight != 0) {
        total += weight * term.getValue().value();
      }
    }
    return new RewardBreakdown(terms, RewardValue.isUsable(total) ? total : Double.NaN);
  }

  /** Whether the total may enter an advantage. */
  public boolean scorable() {
    return !Double.isNaN(total);
  }
}
