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

  static Numbers of(Precision precision) {
    return switch (precision) {
      case FP32 -> new Numbers(Float.BYTES, false);
      case BF16 -> new Numbers(Short.BYTES, true);
    };
  }

  /** A product of rows of one width that gives another, its result among it, but not its input. */
  long product(long from, long to) {
    return value * to + (widened ? WIDE * from : 0);
  }
}
