package io.medvol.spark.step;

/** A worker could not be opened, which is no fault of what it was to work on. */
final class WorkerUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  WorkerUnavailable(RuntimeException cause) {
    super(cause.getMessage(), cause);
  }
}
