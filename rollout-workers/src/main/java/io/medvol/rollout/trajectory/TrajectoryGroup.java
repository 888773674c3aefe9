package io.medvol.rollout.trajectory;

import io.medvol.data.example.Sample;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/**
 * The answers to one prompt, drawn from one policy: the unit of GRPO's advantage.
 *
 * @param sample the task
 * @param promptTokens length of the prompt in tokens, image placeholders included
 * @param promptDigest SHA-256 of the prompt's token ids
 * @param trajectories ordered by their index, which counts from 0 without gaps
 */
public record TrajectoryGroup(
    Sample sample, int promptTokens, String promptDigest, List<Trajectory> trajectories)
    implements Serializable {
  public TrajectoryGroup {
    Objects.requireNonNull(sample, "sample");
    Objects.requireNonNull(promptDigest, "promptDigest");
    trajectories = List.copyOf(trajectories);
    if (trajectories.isEmpty()) {
      throw new IllegalArgumentException("The group of " + sample.id() + " is empty");
    }
    for (int i = 0; i < trajectories.size(); i++) {
      TrajectoryKey key = trajectories.get(i).key();
      if (key.index() != i || !key.sampleId().equals(sample.id())) {
        throw new IllegalArgumentException(
            "Place " + i + " of the group of " + sample.id() + " holds " + key);
      }
    }
  }

  public int size() {
    return trajectories.size();
  }

  /** This group, if it has as many answers as configured; a smaller one has a biased advantage. */
  public TrajectoryGroup requireSize(int numGenerations) {
    if (size() != numGenerations) {
      throw new IllegalStateException(
          "The group of "
              + sample.id()
              + " has "
              + size()
              + " answers; num-generations is "
              + numGenerations);
    }
    return this;
  }
}
