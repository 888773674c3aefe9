package io.medvol.rollout.objective;

/**
 * PPO's pessimistic bound: -min(min(w, delta) A, clip(w, 1 - epsilon, 1 + epsilon-high) A), where
 * delta is optional and the clip is of the unbounded ratio.
 */
final class ClippedRatio implements Surrogate {
  private final double low;
  private final double high;
  private final double bound;

  ClippedRatio(Objective objective) {
    low = 1 - objective.epsilon();
    high = 1 + objective.epsilonHigh();
    bound = objective.delta();
  }

  @Override
  public double value(double ratio, double advantage, double logProb) {
    return -Math.min(Math.min(ratio, bound) * advantage, clip(ratio) * advantage);
  }

  @Override
  public double ratioSlope(double ratio, double advantage) {
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
