package io.medvol.grpo.train;

import io.medvol.grpo.metrics.TrajectoryRecord;
import io.medvol.grpo.metrics.TrajectorySink;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A step's trajectories on their way to the table, beside the updates that learn from them. Closing
 * waits for the end, so that a step is complete only once its table is.
 */
final class LedgerWrite implements AutoCloseable {
  private final CompletableFuture<Void> written;

  private LedgerWrite(CompletableFuture<Void> written) {
    this.written = written;
  }

  static LedgerWrite begin(TrajectorySink sink, int step, List<TrajectoryRecord> rows) {
    return new LedgerWrite(
        CompletableFuture.runAsync(
            () -> sink.write(step, rows), work -> new Thread(work, "trajectories").start()));
  }

  /** Throws what the write has thrown. */
  @Override
  public void close() {
    try {
      written.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw e;
    }
  }
}
