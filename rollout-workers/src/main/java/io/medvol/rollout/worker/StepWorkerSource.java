package io.medvol.rollout.worker;

/**
 * Opens workers of one kind in one process and owns what they have in common, such as the weights
 * of a model that is not trained; close it when its workers are closed. Thread-safe.
 */
public interface StepWorkerSource extends AutoCloseable {
  StepWorker open();

  @Override
  void close();
}
