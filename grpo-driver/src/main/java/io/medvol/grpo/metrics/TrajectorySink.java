package io.medvol.grpo.metrics;

import java.util.List;

/**
 * Where trajectories are kept, one unit for each step. Called by one thread at a time.
 *
 * <p>A step is written once it is complete; writing it again replaces it, so that a resumed run
 * repairs what an interrupted one left.
 */
public interface TrajectorySink extends AutoCloseable {
  /** Writes or replaces the rows of one step. */
  void write(int step, List<TrajectoryRecord> rows);

  /** Removes the steps from this one on: those a resumed run will make again. */
  void discardFrom(int step);

  @Override
  void close();
}
