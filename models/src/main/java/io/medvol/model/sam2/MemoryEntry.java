package io.medvol.model.sam2;

import ai.djl.ndarray.NDArray;
import io.medvol.model.tensor.TensorScope;

/**
 * A slice as it is remembered; closing frees it.
 *
 * @param values {@code [1][place][memory width]}, rounded to bfloat16 and held in the model's type
 */
record MemoryEntry(NDArray values, TensorScope scope) implements AutoCloseable {
  /** One of a batch, in memory of its own. */
  static MemoryEntry copyOf(NDArray memories, int track, Sam2Model model, TensorScope passing) {
    TensorScope own = model.runtime().storage();
    NDArray one = passing.ops().narrow(memories, 0, track, 1);
    NDArray copy = own.ops().empty(model.type(), one.getShape().getShape());
    own.ops().copyInto(copy, one);
    return new MemoryEntry(copy, own);
  }

  @Override
  public void close() {
    scope.close();
  }
}
