package io.medvol.spark.step;

import java.io.Serializable;
import java.util.List;

/** The work of one partition of a phase. */
public record Part<T>(int index, List<T> items) implements Serializable {
  public Part {
    items = List.copyOf(items);
  }
}
