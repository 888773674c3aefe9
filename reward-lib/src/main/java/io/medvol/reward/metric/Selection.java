package io.medvol.reward.metric;

/** Finds the value of a rank without sorting (Hoare's quickselect, median of three). */
final class Selection {
  private Selection() {}

  /** The value with {@code rank} values before it in ascending order; reorders the values. */
  static double of(double[] values, int rank) {
    int low = 0;
    int high = values.length - 1;
    while (low < high) {
      double pivot = median(values[low], values[(low + high) >>> 1], values[high]);
      int i = low;
      int j = high;
      while (i <= j) {
        while (values[i] < pivot) {
          i++;
        }
        while (values[j] > pivot) {
          j--;
        }
        if (i <= j) {
          double swapped = values[i];
          values[i++] = values[j];
          values[j--] = swapped;
        }
      }
      if (rank <= j) {
        high = j;
      } else if (rank >= i) {
        low = i;
      } else {
        return values[rank];
      }
    }
    return values[rank];
  }

  private static double median(double a, double b, double c) {
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }
}
