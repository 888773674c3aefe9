package io.medvol.rollout.trajectory;

import io.medvol.data.storage.Sha256;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A long vector of floats: parameters or gradients in the order of a {@code ParameterLayout}.
 *
 * <p>Immutable by contract, not by copy, because such vectors may be large: whoever makes one gives
 * the array away, and whoever reads {@link #array} does not write to it. Compared by value, bit for
 * bit.
 */
public final class FloatVector implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int CHUNK = 16 * 1024;

  private final float[] values;

  private FloatVector(float[] values) {
    this.values = values;
  }

  /** Wraps; the array now belongs to the vector. */
  public static FloatVector wrap(float[] values) {
    return new FloatVector(Objects.requireNonNull(values, "values"));
  }

  public int length() {
    return values.length;
  }

  public float at(int index) {
    return values[index];
  }

  /** The values themselves, to be read only. */
  public float[] array() {
    return values;
  }

  public float[] copy() {
    return values.clone();
  }

  /** A copy of the values from {@code from} up to but without {@code to}. */
  public FloatVector slice(int from, int to) {
    return wrap(Arrays.copyOfRange(values, from, to));
  }

  /** The vectors one behind the other, as one. */
  public static FloatVector concatenate(List<FloatVector> vectors) {
    float[] whole = new float[vectors.stream().mapToInt(FloatVector::length).sum()];
    int at = 0;
    for (FloatVector vector : vectors) {
      System.arraycopy(vector.values, 0, whole, at, vector.length());
      at += vector.length();
    }
    return wrap(whole);
  }

  /** SHA-256 of the values as little-endian IEEE 754 words, in lower-case hex. */
  public String sha256() {
    MessageDigest digest = Sha256.start();
    ByteBuffer buffer = ByteBuffer.allocate(CHUNK * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < values.length; from += CHUNK) {
      int count = Math.min(CHUNK, values.length - from);
      buffer.clear();
      buffer.asFloatBuffer().put(values, from, count);
      digest.update(buffer.array(), 0, count * 4);
    }
    return Sha256.hex(digest.digest());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FloatVector vector && Arrays.equals(values, vector.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "FloatVector[" + values.length + "]";
  }
}
