package io.medvol.data.example;

import io.medvol.data.volume.BinaryMask;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Chooses the slice of a ground-truth evidence anchor. */
public final class KeySlice {
  private static final int CANDIDATES = 10;

  private KeySlice() {}

  /** As {@link #choose(int[], List)}, by the areas of a mask. */
  public static OptionalInt choose(BinaryMask target, List<Integer> shownSlices) {
    return choose(
        IntStream.range(0, target.size().slices()).map(target::area).toArray(), shownSlices);
  }

  /**
   * Among the shown slices that hold the target, the ten largest (of equal areas the later ones),
   * and of these in order the upper median. Empty if no shown slice holds it.
   *
   * @param areas pixels of the target on every slice of the volume
   * @param shownSlices indices into {@code areas}
   */
  public static OptionalInt choose(int[] areas, List<Integer> shownSlices) {
    List<Integer> largest =
        shownSlices.stream()
            .filter(slice -> areas[slice] > 0)
            .sorted(
                Comparator.<Integer>comparingInt(slice -> areas[slice])
                    .thenComparingInt(slice -> slice)
                    .reversed())
            .limit(CANDIDATES)
            .sorted()
            .toList();
    return largest.isEmpty()
        ? OptionalInt.empty()
        : OptionalInt.of(largest.get(largest.size() / 2));
  }
}
