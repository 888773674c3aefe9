package io.medvol.grpo.advantage;

/** How the terms of a reward become one advantage. */
public enum MultiObjectiveAggregation {
  /** Weighted sum, then normalised. */
  SUM_THEN_NORMALIZE,
  /** Each term normalised in its group, then the weighted sum normalised (arXiv 2601.05242). */
  NORMALIZE_THEN_SUM
}
