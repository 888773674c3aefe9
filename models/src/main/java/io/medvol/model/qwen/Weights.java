package io.medvol.model.qwen;

import ai.djl.ndarray.NDArray;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.model.tensor.DType;
import io.medvol.model.tensor.Ops;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.Tensors;
import io.medvol.model.tensor.TorchRuntime;
import io.medvol.model.weights.TensorEntry;
import io.medvol.model.weights.WeightFiles;
import java.util.Arrays;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The tensors of a network by their names on the hub, as float32 in memory of their own: views into
 * a mapped file begin anywhere, and results would then differ with the file's layout.
 */
final class Weights implements AutoCloseable {
  /** Values read at once; a tensor may be larger than a buffer. */
  private static final long CHUNK = 1 << 26;

  private final TorchRuntime runtime;
  private final TensorScope storage;
  private final WeightFiles files;
  private final SortedMap<String, NDArray> tensors = new TreeMap<>();

  Weights(TorchRuntime runtime, WeightFiles files) {
    this.runtime = runtime;
    this.storage = runtime.storage();
    this.files = files;
  }

  /**
   * Loads a tensor.
   *
   * @throws MedVolException INVALID_INPUT if the files lack it or its shape is another
   */
  NDArray load(String name, long... shape) {
    TensorEntry entry = files.require(name, Arrays.stream(shape).boxed().toList());
    NDArray tensor = storage.ops().empty(DType.F32, shape);
    try (TensorScope scope = runtime.storage()) {
      Ops ops = scope.ops();
      NDArray flat = ops.reshape(tensor, -1);
      for (long from = 0; from < entry.size(); from += CHUNK) {
        long count = Math.min(CHUNK, entry.size() - from);
        NDArray target = ops.narrow(flat, 0, from, count);
        switch (entry.type()) {
          case F32 -> files.read(name, from * Float.BYTES, Tensors.bytes(target));
          case F64, F16, BF16 -> {
            NDArray stored = ops.empty(entry.type(), count);
            files.read(name, from * entry.type().bytes(), Tensors.bytes(stored));
            ops.copyInto(target, stored);
          }
          default ->
              throw new MedVolException(
                  ErrorCode.INVALID_INPUT,
                  "Tensor " + name + " has the type " + entry.type() + ": expected real numbers");
        }
      }
    }
    tensors.put(name, tensor);
    return tensor;
  }

  /** A tensor without values, for a weight this variant does not have. */
  NDArray none() {
    return storage.ops().empty(DType.F32, 0);
  }

  /** All loaded tensors. */
  SortedMap<String, NDArray> tensors() {
    return Collections.unmodifiableSortedMap(tensors);
  }

  @Override
  public void close() {
    storage.close();
  }
}
