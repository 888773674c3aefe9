package io.medvol.spark.step;

import io.medvol.rollout.worker.StepWorker;
import io.medvol.rollout.worker.StepWorkerFactory;
import java.util.Objects;
import org.apache.spark.api.java.function.Function;

/** One partition of one phase, run by a worker of the executor's JVM. */
final class PhaseTask<I, R> implements Function<Part<I>, R> {
  private static final long serialVersionUID = 1L;

  private final String key;
  private final StepWorkerFactory factory;
  private final Phase<I, R> phase;

  PhaseTask(String key, StepWorkerFactory factory, Phase<I, R> phase) {
    this.key = Objects.requireNonNull(key, "key");
    this.factory = Objects.requireNonNull(factory, "factory");
    this.phase = Objects.requireNonNull(phase, "phase");
  }

  @Override
  public R call(Part<I> part) {
    return ExecutorWorkers.with(key, factory, worker -> run(worker, part));
  }

  private R run(StepWorker worker, Part<I> part) {
    return phase.run(worker, part);
  }
}
