package io.medvol.rollout.trajectory;

import java.io.Serializable;
import java.util.Objects;

/**
 * A group with the advantage of each of its answers.
 *
 * @param advantages one for each trajectory, in order; 0 where the reward is missing
 */
public record WeightedGroup(TrajectoryGroup group, Advantages advantages) implements Serializable {
  public WeightedGroup {
    Objects.requireNonNull(group, "group");
    if (advantages.length() != group.size()) {
      throw new IllegalArgumentException(
          advantages.length() + " advantages for " + group.size() + " answers");
    }
  }
}
