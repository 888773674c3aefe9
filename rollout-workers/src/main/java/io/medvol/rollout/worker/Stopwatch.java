package io.medvol.rollout.worker;

/** Wall time of consecutive phases. */
final class Stopwatch {
  private long since = System.nanoTime();

  /** Seconds since the last lap. */
  double lap() {
    long now = System.nanoTime();
    double seconds = (now - since) / 1e9;
    since = now;
    return seconds;
  }
}
