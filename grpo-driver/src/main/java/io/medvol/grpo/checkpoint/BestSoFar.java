package io.medvol.grpo.checkpoint;

/**
 * What the evaluations of a run have shown so far.
 *
 * @param metric the best value of the metric; null before the first evaluation
 * @param step steps done when it was measured
 * @param misses evaluations since, none of them better
 */
public record BestSoFar(Double metric, int step, int misses) {
  public static final BestSoFar NONE = new BestSoFar(null, 0, 0);
}
