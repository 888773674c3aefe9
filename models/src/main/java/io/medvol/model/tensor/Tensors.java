package io.medvol.model.tensor;

import ai.djl.ndarray.NDArray;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** Tensors as Java arrays. */
public final class Tensors {
  private Tensors() {}

  /** A copy of float32 values, row-major. */
  public static float[] floats(NDArray tensor) {
    float[] values = new float[Math.toIntExact(tensor.size())];
    bytes(tensor).asFloatBuffer().get(values);
    return values;
  }

  /** A copy of float64 values, row-major. */
  public static double[] doubles(NDArray tensor) {
    double[] values = new double[Math.toIntExact(tensor.size())];
    bytes(tensor).asDoubleBuffer().get(values);
    return values;
  }

  /** A copy of int64 values, row-major. */
  public static long[] longs(NDArray tensor) {
    long[] values = new long[Math.toIntExact(tensor.size())];
    bytes(tensor).asLongBuffer().get(values);
    return values;
  }

  /**
   * The memory of a contiguous tensor (at most 2 GiB), of any type; valid while the tensor lives.
   */
  public static ByteBuffer bytes(NDArray tensor) {
    return tensor.toByteBuffer(true).order(ByteOrder.nativeOrder());
  }

  /** Adds float32 values to a part of an array, element by element. */
  public static void addTo(float[] sums, int offset, NDArray tensor) {
    FloatBuffer values = bytes(tensor).asFloatBuffer();
    int length = values.remaining();
    for (int i = 0; i < length; i++) {
      sums[offset + i] += values.get(i);
    }
  }
}
