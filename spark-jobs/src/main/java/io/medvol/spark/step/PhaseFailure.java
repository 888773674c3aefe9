package io.medvol.spark.step;

import org.apache.spark.SparkException;

/** A phase that Spark gave up after its retries; the cause is Spark's. */
final class PhaseFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final String LOST = "ExecutorLostFailure";

  PhaseFailure(String phase, SparkException cause) {
    super(phase + ": " + cause.getMessage(), cause);
  }

  /** Whether tasks ended with the JVM they ran in, as where native code crashes. */
  boolean tookExecutorsDown() {
    return String.valueOf(getCause().getMessage()).contains(LOST);
  }
}
