package io.medvol.rollout.trajectory;

import java.io.Serializable;
import java.util.Objects;

/**
 * The name of one trajectory, unique in a run: a retried task gives the same keys again.
 *
 * @param runSeed seed of the run
 * @param step generation step, from 0
 * @param sampleId id of the {@code VrsSample}
 * @param index place in the group, from 0
 */
public record TrajectoryKey(long runSeed, int step, String sampleId, int index)
    implements Serializable, Comparable<TrajectoryKey> {
  public TrajectoryKey {
    Objects.requireNonNull(sampleId, "sampleId");
    if (step < 0 || index < 0) {
      throw new IllegalArgumentException(
          "A trajectory needs a step and an index of at least 0, not " + step + " and " + index);
    }
  }

  /** The seed of this trajectory's random stream. */
  public long seed() {
    return RolloutSeed.of(runSeed, step, sampleId, index);
  }

  @Override
  public int compareTo(TrajectoryKey other) {
    int order = Integer.compare(step, other.step);
    if (order == 0) {
      order = sampleId.compareTo(other.sampleId);
    }
    return order == 0 ? Integer.compare(index, other.index) : order;
  }
}
