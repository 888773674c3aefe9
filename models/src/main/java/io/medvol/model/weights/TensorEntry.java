package io.medvol.model.weights;

import io.medvol.model.tensor.DType;
import java.util.List;

/**
 * A tensor of a safetensors file.
 *
 * @param begin first byte, counted from the end of the header
 * @param end behind the last byte
 */
public record TensorEntry(String name, DType type, List<Long> shape, long begin, long end) {
  public TensorEntry {
    shape = List.copyOf(shape);
  }

  /** The same tensor by another name. */
  TensorEntry named(String other) {
    return new TensorEntry(other, type, shape, begin, end);
  }

  /** Number of values. */
  public long size() {
    return (end - begin) / type.bytes();
  }

  public long bytes() {
    return end - begin;
  }
}
