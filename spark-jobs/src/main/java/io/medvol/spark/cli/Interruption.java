package io.medvol.spark.cli;

import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * Ends a process that a signal stops, at once when Spark and the file systems have closed: the
 * usual exit frees what native libraries share while tasks still compute in them, which crashes.
 * Safe for use by several threads.
 */
final class Interruption {
  /** 128 and the number of SIGTERM, as shells report it. */
  static final int STATUS = 143;

  // Spark's hooks have 40 and those of file systems 10; the highest goes first.
  private static final int LAST = 0;

  private final AtomicBoolean finished = new AtomicBoolean();

  static Interruption awaited() {
    Interruption interruption = new Interruption();
    ShutdownHookManager.get().addShutdownHook(interruption::end, LAST);
    return interruption;
  }

  /** Whether the process is ending, so that failures are its consequence. */
  static boolean isUnderWay() {
    return ShutdownHookManager.get().isShutdownInProgress();
  }

  /** Says that the process ends of itself from here on. */
  void finished() {
    finished.set(true);
  }

  private void end() {
    if (!finished.get()) {
      Runtime.getRuntime().halt(STATUS);
    }
  }
}
