package io.medvol.model.policy;

import java.io.Serializable;
import java.util.Arrays;

/**
 * One number for each token of a completion, such as its log-probability in nats; immutable,
 * compared by value.
 */
public final class TokenValues implements Serializable {
  private static final long serialVersionUID = 1L;

  private final double[] values;

  private TokenValues(double[] values) {
    this.values = values;
  }

  public static TokenValues of(double... values) {
    return new TokenValues(values.clone());
  }

  public int length() {
    return values.length;
  }

  public double at(int position) {
    return values[position];
  }

  public double[] toArray() {
    return values.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TokenValues tokens && Arrays.equals(values, tokens.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "TokenValues" + Arrays.toString(values);
  }
}
