package io.medvol.spark.step;

import java.io.Serializable;
import java.util.Objects;

/**
 * Where a task was done, and for how long.
 *
 * @param executor id of the executor that did it
 * @param machine its kind, in words
 * @param gpu address of the GPU the task was given; empty for none
 * @param seconds the worker was at it, without the opening of the worker
 */
public record TaskWork(String executor, String machine, String gpu, double seconds)
    implements Serializable {
  public TaskWork {
    Objects.requireNonNull(machine, "machine");
    Objects.requireNonNull(executor, "executor");
    Objects.requireNonNull(gpu, "gpu");
  }
}
