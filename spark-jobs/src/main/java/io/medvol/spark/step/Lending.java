package io.medvol.spark.step;

import io.medvol.rollout.worker.StepWorker;
import java.util.function.Function;

/** Lends a worker for a piece of work; one whose work failed is not lent again. */
interface Lending {
  <T> T with(Function<StepWorker, T> work);
}
