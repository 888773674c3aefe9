package io.medvol.spark.step;

import java.io.Serializable;
import java.util.Objects;

/** What a part gave, and what was done for it. */
public record PartResult<R>(R value, TaskWork work) implements Serializable {
  public PartResult {
    Objects.requireNonNull(work, "work");
  }
}
