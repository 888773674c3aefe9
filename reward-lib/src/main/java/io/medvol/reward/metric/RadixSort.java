package io.medvol.reward.metric;

/** Sorts many numbers digit by digit, in linear time. */
final class RadixSort {
  /** Bits of a number that are sorted by at once. */
  private static final int DIGIT = 11;

  private RadixSort() {}

  /** The numbers, none of them negative, in ascending order; leaves the argument as it is. */
  static int[] ascending(int[] numbers) {
    int[] from = numbers;
    int[] to = new int[numbers.length];
    for (int shift = 0; shift < Integer.SIZE; shift += DIGIT) {
      int[] ends = new int[(1 << DIGIT) + 1];
      for (int number : from) {
        ends[(number >>> shift & (1 << DIGIT) - 1) + 1]++;
      }
      for (int i = 1; i < ends.length; i++) {
        ends[i] += ends[i - 1];
      }
      for (int number : from) {
        to[ends[number >>> shift & (1 << DIGIT) - 1]++] = number;
      }
      int[] swapped = from == numbers ? new int[numbers.length] : from;
      from = to;
      to = swapped;
    }
    return from;
  }
}
