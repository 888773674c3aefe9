package io.medvol.rollout.trajectory;

import java.io.Serializable;
import java.util.Arrays;

/**
 * How much better each answer of a group was than its fellows; immutable, compared by value. An
 * answer without a usable reward has 0.
 */
public final class Advantages implements Serializable {
  private static final long serialVersionUID = 1L;

  private final double[] values;

  private Advantages(double[] values) {
    this.values = values;
  }

  public static Advantages of(double... values) {
    for (double value : values) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException(
            "Advantages are finite numbers: " + Arrays.toString(values));
      }
    }
    return new Advantages(values.clone());
  }

  public int length() {
    return values.length;
  }

  public double at(int index) {
    return values[index];
  }

  public boolean allZero() {
    return Arrays.stream(values).allMatch(value -> value == 0);
  }

  public double[] toArray() {
    return values.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Advantages advantages && Arrays.equals(values, advantages.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "Advantages" + Arrays.toString(values);
  }
}
