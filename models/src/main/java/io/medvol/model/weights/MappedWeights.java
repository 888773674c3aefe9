package io.medvol.model.weights;

import ai.djl.ndarray.NDArray;
import io.medvol.model.tensor.DType;
import io.medvol.model.tensor.TensorScope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tensors as views into the mapped weight files: nothing is read before it is used, nothing is held
 * twice, and processes on one machine share the pages. Writing to a view changes a private copy of
 * its pages, never the file; the file must not be cut while a view is in use. Close it once all
 * views are made; they stay.
 */
public final class MappedWeights implements AutoCloseable {
  /** Below this a copy costs nothing, and is aligned for vector instructions. */
  private static final long SMALLEST = 1 << 20;

  private final WeightFiles files;
  private final TensorScope owner;
  private final TensorScope passing;
  private final Map<Path, NDArray> mapped = new HashMap<>();

  /**
   * @param owner of the views
   */
  public MappedWeights(WeightFiles files, TensorScope owner) {
    this.files = files;
    this.owner = owner;
    this.passing = owner.child();
  }

  /**
   * A tensor as it stands in its file; empty if it is small, has another type or is not aligned to
   * it, and must be copied.
   */
  public Optional<NDArray> view(String name, DType type) {
    TensorEntry entry = files.entry(name);
    long position = files.position(name);
    if (entry.type() != type || entry.bytes() < SMALLEST || position % type.bytes() != 0) {
      return Optional.empty();
    }
    NDArray file = mapped.computeIfAbsent(files.path(name), this::map);
    long[] shape = entry.shape().stream().mapToLong(Long::longValue).toArray();
    return Optional.of(
        owner
            .ops()
            .reinterpret(file, position / type.bytes(), type, shape, strides(entry.shape())));
  }

  private NDArray map(Path path) {
    try {
      return passing.ops().mapFile(path.toString(), Files.size(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long[] strides(List<Long> shape) {
    long[] strides = new long[shape.size()];
    long step = 1;
    for (int axis = strides.length - 1; axis >= 0; axis--) {
      strides[axis] = step;
      step *= shape.get(axis);
    }
    return strides;
  }

  @Override
  public void close() {
    passing.close();
  }
}
