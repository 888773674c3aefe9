package io.medvol.model.policy;

/**
 * What a network computes in. Trained values are float32 in any case, and so are their gradients
 * and the log-probabilities.
 */
public enum Precision {
  /** Weights and activations in float32. */
  FP32,
  /**
   * Weights that are not trained, activations and the cache of keys and values in bfloat16: half
   * the memory, and faster where the processor multiplies bfloat16 (AVX512-BF16, AMX). Elsewhere
   * products are computed in float32 and rounded, which costs time.
   */
  BF16
}
