package io.medvol.model.sam2;

import io.medvol.model.policy.Precision;
import io.medvol.model.tensor.DType;
import io.medvol.model.tensor.Ops;

/** In which numbers a network computes. */
enum Sam2Numbers {
  /** Weights and features in float32. */
  FLOAT32(DType.F32, false),
  /**
   * Weights of layers and features in bfloat16; positions, prompts, scores and masks in float32.
   */
  BFLOAT16(DType.BF16, true),
  /** Weights as of {@link #BFLOAT16}, but computing in float32. */
  ROUNDED(DType.F32, true);

  private final DType type;
  private final boolean rounded;

  Sam2Numbers(DType type, boolean rounded) {
    this.type = type;
    this.rounded = rounded;
  }

  /** Bfloat16 is computed in only where the processor multiplies it. */
  static Sam2Numbers of(Precision precision, Ops ops) {
    return switch (precision) {
      case FP32 -> FLOAT32;
      case BF16 -> ops.multipliesBfloat16() ? BFLOAT16 : ROUNDED;
    };
  }

  DType type() {
    return type;
  }

  /** Whether the weights of layers are rounded to bfloat16. */
  boolean rounded() {
    return rounded;
  }
}
