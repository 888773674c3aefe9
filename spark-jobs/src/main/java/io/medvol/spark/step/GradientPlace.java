package io.medvol.spark.step;

import java.io.Serializable;
import java.util.Comparator;

/** Which slice of a gradient a piece belongs to, and the partition it comes from; in that order. */
public record GradientPlace(int slice, int partition)
    implements Comparable<GradientPlace>, Serializable {
  private static final Comparator<GradientPlace> ORDER =
      Comparator.comparingInt(GradientPlace::slice).thenComparingInt(GradientPlace::partition);

  @Override
  public int compareTo(GradientPlace other) {
    return ORDER.compare(this, other);
  }
}
