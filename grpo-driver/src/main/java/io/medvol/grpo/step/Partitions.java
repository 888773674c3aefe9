package io.medvol.grpo.step;

import java.util.ArrayList;
import java.util.List;

/** Cuts the work of a step into a fixed number of consecutive parts. */
public final class Partitions {
  private Partitions() {}

  /**
   * Consecutive parts whose sizes differ by one at the most, longer ones first; never more than
   * {@code partitions}, and none of them empty.
   */
  public static <T> List<List<T>> cut(List<? extends T> items, int partitions) {
    if (partitions < 1) {
      throw new IllegalArgumentException("partitions is " + partitions + "; it must be at least 1");
    }
    int parts = Math.min(partitions, items.size());
    List<List<T>> cut = new ArrayList<>(parts);
    int from = 0;
    for (int p = 0; p < parts; p++) {
      int to = from + items.size() / parts + (p < items.size() % parts ? 1 : 0);
      cut.add(List.copyOf(items.subList(from, to)));
      from = to;
    }
    return List.copyOf(cut);
  }
}
