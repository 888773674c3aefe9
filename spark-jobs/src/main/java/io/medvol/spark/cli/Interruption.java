package io.medvol.spark.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.util.ShutdownHookManager;
import org.apache.logging.log4j.LogManager;
import sun.misc.Signal;

/**
 * Ends a process that a signal stops: says in one sentence what becomes of the work, keeps what
 * fails in consequence from being said, and ends at once when Spark and the file systems have
 * closed. The usual exit frees what native libraries share while tasks still compute in them, which
 * crashes. A second signal does not wait for Spark. Safe for use by several threads.
 */
final class Interruption {
  private static final int BASE = 128;
  private static final int SIGTERM = 15;

  // Spark's hooks have 40 and those of file systems 10; the highest goes first.
  private static final int LAST = 0;

  private final String consequence;
  private final AtomicBoolean finished = new AtomicBoolean();
  private final AtomicInteger status = new AtomicInteger();

  private Interruption(String consequence) {
    this.consequence = consequence;
  }

  /**
   * Watches for SIGINT, SIGTERM and SIGHUP, unless the parent had the process pass over them.
   *
   * @param arguments of the command line; the first that names a command decides what is said
   */
  static Interruption awaited(String... arguments) {
    Interruption interruption = new Interruption(Consequences.of(arguments));
    for (String name : new String[] {"INT", "TERM", "HUP"}) {
      Signal.handle(new Signal(name), interruption::begin);
    }
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

  private void begin(Signal signal) {
    if (!status.compareAndSet(0, BASE + signal.getNumber())) {
      Runtime.getRuntime().halt(status.get());
    }
    if (!finished.get()) {
      System.err.println("medvol: Stopped by a signal. " + consequence);
      System.err.flush();
      silence();
    }
    System.exit(status.get());
  }

  private static void silence() {
    System.setErr(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    LogManager.shutdown();
  }

  private void end() {
    if (!finished.get() || status.get() != 0) {
      Runtime.getRuntime().halt(status.get() == 0 ? BASE + SIGTERM : status.get());
    }
  }
}
