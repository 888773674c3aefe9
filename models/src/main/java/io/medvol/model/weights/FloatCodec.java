package io.medvol.model.weights;

import io.medvol.model.tensor.DType;
import java.nio.ByteBuffer;

/**
 * Real numbers as a weight file stores them: F64, F32, F16 and BF16, little-endian. Reading is
 * exact but for F64, which becomes the nearest float32; writing rounds to the nearest, halves to
 * the even neighbour. Stateless.
 */
public final class FloatCodec {
  private static final int HALF_INFINITY = 0x7C00;

  /** As float32 bits: the smallest value that rounds to no finite half. */
  private static final int HALF_OVERFLOW = 0x477F_F000;

  /** As float32 bits: the smallest normal half, 2^-14. */
  private static final int HALF_NORMAL = 0x3880_0000;

  private FloatCodec() {}

  /** Whether this is a type of real numbers. */
  public static boolean isReal(DType type) {
    return type == DType.F64 || type == DType.F32 || type == DType.F16 || type == DType.BF16;
  }

  /**
   * The value at an index.
   *
   * @param bytes in little-endian order
   * @throws IllegalArgumentException if the type is not one of real numbers
   */
  public static float get(ByteBuffer bytes, int index, DType type) {
    return switch (type) {
      case F64 -> (float) bytes.getDouble(Double.BYTES * index);
      case F32 -> bytes.getFloat(Float.BYTES * index);
      case F16 -> half(bytes.getShort(Short.BYTES * index));
      case BF16 -> Float.intBitsToFloat(bytes.getShort(Short.BYTES * index) << 16);
      default -> throw new IllegalArgumentException(type + " holds no real numbers");
    };
  }

  /** Writes the nearest value of the type; one too large for F16 becomes infinite. */
  public static void put(ByteBuffer bytes, int index, DType type, float value) {
    switch (type) {
      case F64 -> bytes.putDouble(Double.BYTES * index, value);
      case F32 -> bytes.putFloat(Float.BYTES * index, value);
      case F16 -> bytes.putShort(Short.BYTES * index, half(value));
      case BF16 -> bytes.putShort(Short.BYTES * index, brain(value));
      default -> throw new IllegalArgumentException(type + " holds no real numbers");
    }
  }

  private static float half(short bits) {
    int exponent = bits >> 10 & 0x1F;
    int fraction = bits & 0x3FF;
    int sign = bits & 0x8000;
    if (exponent == 0) {
      float value = fraction * 0x1p-24f;
      return sign == 0 ? value : -value;
    }
    int wide = exponent == 0x1F ? 0xFF : exponent + 112;
    return Float.intBitsToFloat(sign << 16 | wide << 23 | fraction << 13);
  }

  private static short half(float value) {
    int bits = Float.floatToIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    int size = bits & 0x7FFF_FFFF;
    if (Float.isNaN(value)) {
      return (short) (sign | 0x7E00);
    }
    if (size >= HALF_OVERFLOW) {
      return (short) (sign | HALF_INFINITY);
    }
    if (size < HALF_NORMAL) {
      return (short) (sign | (int) Math.rint(Float.intBitsToFloat(size) * 0x1p24f));
    }
    int rounded = size + 0xFFF + (size >>> 13 & 1);
    return (short) (sign | rounded - (112 << 23) >>> 13);
  }

  private static short brain(float value) {
    int bits = Float.floatToIntBits(value);
    return Float.isNaN(value)
        ? (short) 0x7FC0
        : (short) ((bits + 0x7FFF + (bits >>> 16 & 1)) >>> 16);
  }
}
