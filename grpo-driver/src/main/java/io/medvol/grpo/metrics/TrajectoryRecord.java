package io.medvol.grpo.metrics;

import io.medvol.data.example.Sample;
import io.medvol.rollout.trajectory.Trajectory;
import io.medvol.rollout.trajectory.TrajectoryKey;
import java.io.Serializable;
import java.util.Objects;
import java.util.Optional;

/**
 * One row of the trajectory table.
 *
 * @param key its name, also where nothing could be drawn
 * @param sample the task
 * @param promptTokens length of the prompt; 0 where nothing could be drawn
 * @param promptDigest SHA-256 of the prompt's ids; empty where nothing could be drawn
 * @param trajectory the answer; null where nothing could be drawn
 * @param advantage 0 where it has none
 * @param state how it ended
 */
public record TrajectoryRecord(
    TrajectoryKey key,
    Sample sample,
    int promptTokens,
    String promptDigest,
    Trajectory trajectory,
    double advantage,
    TrajectoryState state)
    implements Serializable {
  public TrajectoryRecord {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(sample, "sample");
    Objects.requireNonNull(promptDigest, "promptDigest");
    Objects.requireNonNull(state, "state");
  }

  public Optional<Trajectory> drawn() {
    return Optional.ofNullable(trajectory);
  }
}
