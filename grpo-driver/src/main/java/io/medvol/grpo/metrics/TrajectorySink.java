package io.medvol.grpo.metrics;

import java.util.List;
import java.util.Set;

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

  /** Steps before this one whose rows are gone or damaged; a sink that keeps none lacks none. */
  default Set<Integer> missingBefore(int step) {
    return Set.of();
  }

  /** For a run that draws none. */
  static TrajectorySink none() {
    return new TrajectorySink() {
      @Override
      public void write(int step, List<TrajectoryRecord> rows) {
        throw new IllegalStateException("This run draws no trajectories");
      }

      @Override
      public void discardFrom(int step) {}

      @Override
      public void close() {}
    };
  }

  @Override
  void close();
}
