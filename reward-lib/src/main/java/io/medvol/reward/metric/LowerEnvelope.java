package io.medvol.reward.metric;

/**
 * The pointwise minimum of parabolas of equal shape, {@code height(i) + (x - i)²}, on the integers
 * of a line, in linear time (Felzenszwalb and Huttenlocher, 2012). Heights are in squares of the
 * step. Reused from line to line; not thread-safe.
 */
final class LowerEnvelope {
  private final int[] apex;
  private final double[] heights;
  private final double[] from;

  /** Of twice a distance: a table is faster than a division. */
  private final double[] reciprocal;

  private int count;

  LowerEnvelope(int length) {
    this.apex = new int[length];
    this.heights = new double[length];
    this.from = new double[length];
    this.reciprocal = new double[length + 1];
    for (int i = 1; i <= length; i++) {
      reciprocal[i] = 0.5 / i;
    }
  }

  void clear() {
    count = 0;
  }

  /** Adds the next parabola of the line; apexes must ascend. */
  void add(int position, double height) {
    double start = Double.NEGATIVE_INFINITY;
    double own = height + (double) position * position;
    int k = count;
    while (k > 0) {
      int last = apex[k - 1];
      double crossing = (own - heights[k - 1] - (double) last * last) * reciprocal[position - last];
      if (crossing > from[k - 1]) {
        start = crossing;
        break;
      }
      k--;
    }
    apex[k] = position;
    heights[k] = height;
    from[k] = start;
    count = k + 1;
  }

  boolean isEmpty() {
    return count == 0;
  }

  /**
   * The parabola that is lowest at a position.
   *
   * @param at where the search starts: the answer for a position at or before this one, or 0
   */
  int lowest(int position, int at) {
    int k = at;
    while (k + 1 < count && from[k + 1] < position) {
      k++;
    }
    return k;
  }

  double height(int k, int position) {
    double distance = position - apex[k];
    return heights[k] + distance * distance;
  }
}
