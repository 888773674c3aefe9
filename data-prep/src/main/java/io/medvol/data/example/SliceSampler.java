package io.medvol.data.example;

import java.util.ArrayList;
import java.util.List;

/** Which slices of a volume are shown to the policy. */
public final class SliceSampler {
  private SliceSampler() {}

  /**
   * Evenly spaced slices from first to last: rint(i · (depth - 1) / (count - 1)), ties to even; all
   * slices if there are no more than {@code count}, the first one if {@code count} is 1.
   *
   * @return canonical indices, ascending
   * @throws IllegalArgumentException if depth or count is below 1
   */
  public static List<Integer> uniform(int depth, int count) {
    if (depth < 1 || count < 1) {
      throw new IllegalArgumentException(
          "Sampling needs at least one slice, not " + count + " of " + depth);
    }
    List<Integer> slices = new ArrayList<>();
    int shown = Math.min(depth, count);
    for (int i = 0; i < shown; i++) {
      // The product is exact and the quotient correctly rounded, so that ties are seen as ties.
      double position = count >= depth ? i : (double) i * (depth - 1) / (count - 1);
      slices.add((int) Math.rint(count == 1 ? 0 : position));
    }
    return List.copyOf(slices);
  }
}
