package io.medvol.spark.cli;

import io.medvol.spark.job.Progress;
import java.io.PrintWriter;

/**
 * Progress for a person: a bar that moves in place on a terminal, a line now and then anywhere
 * else. Thread-safe: Spark reports from its listener thread.
 */
final class ConsoleProgress implements Progress {
  private static final int WIDTH = 24;
  private static final long QUIET_NANOS = 5_000_000_000L;

  private final PrintWriter out;
  private final boolean interactive;
  private String phase = "";
  private long lastPrinted;
  private int lastLength;

  ConsoleProgress(PrintWriter out, boolean interactive) {
    this.out = out;
    this.interactive = interactive;
  }

  /** A bar if standard output is a terminal. */
  static ConsoleProgress on(PrintWriter out) {
    return new ConsoleProgress(out, System.console() != null);
  }

  @Override
  public synchronized void say(String line) {
    clear();
    out.println(line);
    out.flush();
  }

  @Override
  public synchronized void begin(String name) {
    clear();
    phase = name;
    lastPrinted = System.nanoTime();
    if (!interactive) {
      say(name + " ...");
    }
  }

  @Override
  public synchronized void update(long done, long total, String note) {
    String text = phase + " " + done + "/" + total + (note.isEmpty() ? "" : "  " + note);
    if (interactive) {
      int filled = (int) (total == 0 ? WIDTH : WIDTH * done / total);
      String line =
          "[" + "=".repeat(filled) + " ".repeat(Math.max(0, WIDTH - filled)) + "] " + text;
      out.print("\r" + line + " ".repeat(Math.max(0, lastLength - line.length())));
      out.flush();
      lastLength = line.length();
      if (done >= total) {
        out.println();
        out.flush();
        lastLength = 0;
      }
      return;
    }
    long now = System.nanoTime();
    if (done >= total || now - lastPrinted >= QUIET_NANOS) {
      lastPrinted = now;
      out.println("  " + text);
      out.flush();
    }
  }

  private void clear() {
    if (interactive && lastLength > 0) {
      out.print("\r" + " ".repeat(lastLength) + "\r");
      lastLength = 0;
    }
  }
}
