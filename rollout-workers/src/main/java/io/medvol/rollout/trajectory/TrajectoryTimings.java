package io.medvol.rollout.trajectory;

import java.io.Serializable;

/**
 * Wall seconds a group took in each phase, shared by its trajectories; for reports only, never read
 * by the training.
 */
public record TrajectoryTimings(double prompt, double sample, double reference, double reward)
    implements Serializable {
  public static final TrajectoryTimings NONE = new TrajectoryTimings(0, 0, 0, 0);
}
