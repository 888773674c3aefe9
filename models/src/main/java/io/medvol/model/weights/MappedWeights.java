package io.medvol.model.weights;

import ai.djl.ndarray.NDArray;
import io.medvol.data.error.MedVolException;
import io.medvol.model.tensor.DType;
import io.medvol.model.tensor.TensorScope;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tensors as views into the mapped weight files: nothing is read before it is used, nothing is held
 * twice, and processes on one machine share the pages. Writing to a view changes a private copy of
 * its pages, never the file. Close it once all views are made; they stay.
 *
 * <p>A file that was replaced, changed or cut before its views were made is refused. One that is
 * cut while a view is in use ends the process, as with every mapping: replace a model by a new file
 * of the same name, which leaves the mapped one as it is.
 */
public final class MappedWeights implements AutoCloseable {
  private final WeightFiles files;
  private final TensorScope owner;
  private final TensorScope passing;
  private final long smallest;
  private final Map<FileVersion, NDArray> mapped = new HashMap<>();

  /**
   * @param owner of the views
   * @param smallest bytes of a tensor that is viewed
   */
  public MappedWeights(WeightFiles files, TensorScope owner, long smallest) {
    this.files = files;
    this.owner = owner;
    this.smallest = smallest;
    this.passing = owner.child();
  }

  /**
   * A tensor as it stands in its file; empty if it is small, has another type or is not aligned to
   * it, and must be copied.
   *
   * @throws MedVolException INVALID_INPUT if its file is not the one that was opened any more
   */
  public Optional<NDArray> view(String name, DType type) {
    TensorEntry entry = files.entry(name);
    long position = files.position(name);
    if (entry.type() != type || entry.bytes() < smallest || position % type.bytes() != 0) {
      return Optional.empty();
    }
    NDArray file = mapped.computeIfAbsent(files.version(name), this::map);
    long[] shape = entry.shape().stream().mapToLong(Long::longValue).toArray();
    return Optional.of(
        owner
            .ops()
            .reinterpret(file, position / type.bytes(), type, shape, strides(entry.shape())));
  }

  private NDArray map(FileVersion file) {
    file.requireUnchanged();
    NDArray bytes = passing.ops().mapFile(file.path().toString(), file.bytes());
    // The name may have led to another file by the time it was mapped.
    file.requireUnchanged();
    return bytes;
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
