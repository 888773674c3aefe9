package io.medvol.grpo.optim;

import io.medvol.rollout.trajectory.FloatVector;

/**
 * What an optimizer remembers between updates.
 *
 * @param updates updates made
 * @param expAvg running mean of the gradient
 * @param expAvgSq running mean of its square
 */
public record OptimizerState(long updates, FloatVector expAvg, FloatVector expAvgSq) {
  public OptimizerState {
    if (expAvg.length() != expAvgSq.length() || updates < 0) {
      throw new IllegalArgumentException(
          "Moments of " + expAvg.length() + " and " + expAvgSq.length() + " values");
    }
  }

  public static OptimizerState zero(int parameters) {
    return new OptimizerState(
        0, FloatVector.wrap(new float[parameters]), FloatVector.wrap(new float[parameters]));
  }
}
