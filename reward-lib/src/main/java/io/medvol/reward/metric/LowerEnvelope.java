package io.medvol.reward.metric;

/**
 * The pointwise minimum of parabolas of equal shape, {@code height(i) + (step·(x - i))²}, on the
 * integers of a line, in linear time (Felzenszwalb and Huttenlocher, 2012). Reused from line to
 * line; not thread-safe.
 */
final class LowerEnvelope {
  private final double squaredStep;
  private final int[] apex;
  private final double[] heights;
  private final double[] from;
  private int count;

  LowerEnvelope(int length, double step) {
    this.squaredStep = step * step;
    this.apex = new int[length];
    this.heights = new double[length];
    this.from = new double[length];
  }

  void clear() {
    count = 0;
  }

  /** Adds the next parabola of the line; apexes must ascend. */
  void add(int position, double height) {
    double start = Double.NEGATIVE_INFINITY;
    while (count > 0) {
      int last = apex[count - 1];
      double crossing =
          ((height - heights[count - 1]) / squaredStep
                  + (double) position * position
                  - (double) last * last)
              / (2.0 * (position - last));
      if (crossing > from[count - 1]) {
        start = crossing;
        break;
      }
      count--;
    }
    apex[count] = position;
    heights[count] = height;
    from[count] = start;
    count++;
  }

  boolean isEmpty() {
    return count == 0;
  }

  /**
   * The parabola that is lowest at a position, as an index for {@link #apex} and {@link #height}.
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

  int apex(int k) {
    return apex[k];
  }

  double height(int k, int position) {
    double distance = position - apex[k];
    return heights[k] + squaredStep * distance * distance;
  }
}
