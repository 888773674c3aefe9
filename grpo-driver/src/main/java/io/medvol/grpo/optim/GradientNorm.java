package io.medvol.grpo.optim;

import io.medvol.rollout.trajectory.FloatVector;

/** The global norm of a gradient and the factor that keeps it in bounds. */
public final class GradientNorm {
  private static final double EPSILON = 1e-6;

  private GradientNorm() {}

  /** Euclidean norm over all parameters, summed in double; not finite if any value is not. */
  public static double of(FloatVector gradient) {
    double squares = 0;
    for (float value : gradient.array()) {
      squares += (double) value * value;
    }
    return Math.sqrt(squares);
  }

  /**
   * min(1, maxNorm / (norm + 1e-6)), as {@code clip_grad_norm_}; 1 where {@code maxNorm} is 0, that
   * is, without clipping.
   */
  public static double clipFactor(double norm, double maxNorm) {
    return maxNorm == 0 ? 1 : Math.min(1, maxNorm / (norm + EPSILON));
  }
}
