package io.medvol.rollout.worker;

import java.io.Serializable;

/**
 * Makes a worker where it will run: holds paths and settings, opens models on {@link #open}.
 * Workers from equal factories give equal results.
 */
@FunctionalInterface
public interface StepWorkerFactory extends Serializable {
  StepWorker open();
}
