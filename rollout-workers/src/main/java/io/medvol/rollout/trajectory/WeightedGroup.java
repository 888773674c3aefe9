package io.medvol.rollout.trajectory;

import io.medvol.model.policy.TokenValues;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/**
 * A group with the advantage of each of its answers.
 *
 * @param advantages one for each trajectory, in order; 0 where the reward is missing
 * @param measured log-probabilities of each trajectory when the updates of the step began; empty
 *     where they are not needed
 */
public record WeightedGroup(
    TrajectoryGroup group, Advantages advantages, List<TokenValues> measured)
    implements Serializable {
  public WeightedGroup {
    Objects.requireNonNull(group, "group");
    measured = List.copyOf(measured);
    if (!measured.isEmpty() && measured.size() != group.size()) {
      throw new IllegalArgumentException(
          measured.size() + " measurements of " + group.size() + " answers");
    }
    if (advantages.length() != group.size()) {
      throw new IllegalArgumentException(
          advantages.length() + " advantages for " + group.size() + " answers");
    }
  }

  /** A group that has not been measured. */
  public WeightedGroup(TrajectoryGroup group, Advantages advantages) {
    this(group, advantages, List.of());
  }

  public WeightedGroup withMeasured(List<TokenValues> logProbs) {
    return new WeightedGroup(group, advantages, logProbs);
  }
}
