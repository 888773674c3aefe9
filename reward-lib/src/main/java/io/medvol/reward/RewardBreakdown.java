package io.medvol.reward;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Every term of one completion's reward, in the order of the configuration, and their weighted sum.
 *
 * @param terms name of the term to its value
 * @param total weighted sum over the terms; NaN if a weighted term failed
 */
public record RewardBreakdown(Map<String, RewardValue> terms, double total)
    implements Serializable {
  public RewardBreakdown {
    terms = Collections.unmodifiableMap(new LinkedHashMap<>(terms));
  }

  /** Whether the total may enter an advantage. */
  public boolean scorable() {
    return !Double.isNaN(total);
  }
}
