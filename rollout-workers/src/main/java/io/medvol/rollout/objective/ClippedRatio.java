package io.medvol.rollout.objective;

/**
 * PPO's pessimistic bound: -min(min(w, delta) A, clip(w, 1 - epsilon, 1 + epsilon-high) A), where
 * delta is optional and the clip is of the unbounded ratio. Dual clipping (arXiv 1912.09729) bounds
 * it from above where A is negative: at most -c A.
 */
final class ClippedRatio implements Surrogate {
  private final double low;
  private final double high;
  private final double bound;
  private final double dual;

  ClippedRatio(Clipping clipping) {
    low = 1 - clipping.epsilon();
    high = 1 + clipping.epsilonHigh();
    bound = clipping.delta();
    dual = clipping.ratioC();
  }

  @Override
  public double value(double ratio, double advantage, double logProb) {
    double loss = -Math.min(Math.min(ratio, bound) * advantage, clip(ratio) * advantage);
    return advantage < 0 ? Math.min(loss, -dual * advantage) : loss;
  }

  @Override
  public double ratioSlope(double ratio, double advantage) {
    if (advantage < 0 && Math.max(Math.min(ratio, bound), clip(ratio)) > dual) {
      return 0;
    }
    double free = Math.min(ratio, bound) * advantage;
    double clipped = clip(ratio) * advantage;
    double freeSlope = ratio <= bound ? 1 : 0;
    double clippedSlope = ratio >= low && ratio <= high ? 1 : 0;
    double slope;
    if (free < clipped) {
      slope = freeSlope;
    } else if (free > clipped) {
      slope = clippedSlope;
    } else { // both branches meet: automatic differentiation gives each a half
      slope = 0.5 * freeSlope + 0.5 * clippedSlope;
    }
    return -slope * advantage;
  }

  @Override
  public double logProbSlope(double ratio, double advantage) {
    return 0;
  }

  @Override
  public boolean clippedLow(double ratio, double advantage) {
    return Math.min(ratio, bound) < low && advantage < 0;
  }

  @Override
  public boolean clippedHigh(double ratio, double advantage) {
    return Math.min(ratio, bound) > high && advantage > 0;
  }

  private double clip(double ratio) {
    return Math.min(Math.max(ratio, low), high);
  }
}
