package io.medvol.spark.step;

import io.medvol.rollout.worker.StepWorkerFactory;
import java.util.Objects;
import org.apache.spark.api.java.function.Function;

/** One partition of one phase, run by a worker of the executor's JVM. */
final class PhaseTask<I, R> implements Function<Part<I>, PartResult<R>> {
  private static final long serialVersionUID = 1L;

  private final String key;
  private final StepWorkerFactory factory;
  private final Machines machines;
  private final Phase<I, R> phase;

  PhaseTask(String key, StepWorkerFactory factory, Machines machines, Phase<I, R> phase) {
    this.key = Objects.requireNonNull(key, "key");
    this.factory = Objects.requireNonNull(factory, "factory");
    this.machines = Objects.requireNonNull(machines, "machines");
    this.phase = Objects.requireNonNull(phase, "phase");
  }

  @Override
  public PartResult<R> call(Part<I> part) {
    TaskSeat seat = new TaskSeat(key, factory, machines.admit());
    return seat.result(phase.run(seat, part));
  }
}
