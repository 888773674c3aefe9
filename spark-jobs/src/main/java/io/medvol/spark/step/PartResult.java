package io.medvol.spark.step;

import java.io.Serializable;
import java.util.Objects;

/**
 * What a part gave, and where.
 *
 * @param executor id of the executor that did it
 * @param gpu address of the GPU the task was given; empty for none
 * @param seconds the worker was at it, without the opening of the worker
 */
public record PartResult<R>(R value, String executor, String gpu, double seconds)
    implements Serializable {
  public PartResult {
    Objects.requireNonNull(executor, "executor");
    Objects.requireNonNull(gpu, "gpu");
  }
}
