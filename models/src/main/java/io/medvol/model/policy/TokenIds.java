package io.medvol.model.policy;

import java.io.Serializable;
import java.util.Arrays;

/** A sequence of token ids; immutable, compared by value. */
public final class TokenIds implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int[] ids;

  private TokenIds(int[] ids) {
    this.ids = ids;
  }

  public static TokenIds of(int... ids) {
    return new TokenIds(ids.clone());
  }

  public int length() {
    return ids.length;
  }

  public int at(int position) {
    return ids[position];
  }

  public boolean contains(int id) {
    for (int one : ids) {
      if (one == id) {
        return true;
      }
    }
    return false;
  }

  public int[] toArray() {
    return ids.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TokenIds tokens && Arrays.equals(ids, tokens.ids);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(ids);
  }

  @Override
  public String toString() {
    return "TokenIds" + Arrays.toString(ids);
  }
}
