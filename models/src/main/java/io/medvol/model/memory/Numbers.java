package io.medvol.model.memory;

import io.medvol.model.policy.Precision;

/**
 * Bytes of the values of a pass.
 *
 * @param value bytes of an activation
 * @param widened whether products and attention compute in float32 and are rounded, which only a
 *     processor without instructions for the type needs: the other kind takes less
 */
record Numbers(int value, boolean widened) {
  /** Bytes in which rotations, norms and widened products compute. */
  static final int WIDE = Float.BYTES;

  private static final long PART_VALUES = 1 << 20;

  static Numbers of(Precision precision) {
    return switch (precision) {
      case FP32 -> new Numbers(Float.BYTES, false);
      case BF16 -> new Numbers(Short.BYTES, true);
    };
  }

  /**
   * Bytes for each row of a product of one width that gives another, its result among them, but not
   * its input. A widened one goes through the matrix part by part.
   */
  long product(long from, long to) {
    long part = Math.min(to, Math.max(1, PART_VALUES / from));
    return value * to + (widened ? WIDE * (from + part) : 0);
  }

  /** What a part of a widened matrix takes. */
  long part() {
    return widened ? WIDE * PART_VALUES : 0;
  }
}
