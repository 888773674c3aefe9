package io.medvol.model.pickle;

import io.medvol.model.tensor.DType;
import java.util.List;

/**
 * A tensor as a checkpoint describes it: a view of a storage.
 *
 * @param storage key of the storage within the checkpoint
 * @param storageElements length of that storage
 * @param offset of the first element
 * @param strides in elements, one for each axis, none negative
 */
public record PickledTensor(
    DType type,
    String storage,
    long storageElements,
    long offset,
    List<Long> shape,
    List<Long> strides) {
  public PickledTensor {
    shape = List.copyOf(shape);
    strides = List.copyOf(strides);
  }

  /** Elements of the tensor, which an expanded view repeats. */
  public long elements() {
    long elements = 1;
    for (long size : shape) {
      elements *= size;
    }
    return elements;
  }

  /** Whether its elements lie row-major without gaps. */
  boolean isContiguous() {
    long expected = 1;
    for (int axis = shape.size() - 1; axis >= 0; axis--) {
      if (shape.get(axis) != 1 && strides.get(axis) != expected) {
        return elements() == 0;
      }
      expected *= shape.get(axis);
    }
    return true;
  }
}
