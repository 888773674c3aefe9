package io.medvol.rollout.worker;

import java.io.Serializable;

/**
 * Makes a worker where it will run: holds paths and settings, opens models on {@link #open}.
 * Workers from equal factories give equal results.
 */
@FunctionalInterface
public interface StepWorkerFactory extends Serializable {
  StepWorker open();

  /** Opens workers for one process, which hold in common what none of them changes. */
  default StepWorkerSource source() {
    return new StepWorkerSource() {
      @Override
      public StepWorker open() {
        return StepWorkerFactory.this.open();
      }

      @Override
      public void close() {
        // Workers of this kind have nothing in common.
      }
    };
  }
}
