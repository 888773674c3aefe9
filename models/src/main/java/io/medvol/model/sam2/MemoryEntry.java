package io.medvol.model.sam2;

import ai.djl.ndarray.NDArray;
import io.medvol.model.tensor.TensorScope;

/**
 * A slice as it is remembered; closing frees it.
 *
 * @param values {@code [1][place][memory width]}, rounded to bfloat16
 */
record MemoryEntry(NDArray values, TensorScope scope) implements AutoCloseable {
  @Override
  public void close() {
    scope.close();
  }
}
