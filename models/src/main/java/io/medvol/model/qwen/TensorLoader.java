package io.medvol.model.qwen;

import ai.djl.ndarray.NDArray;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.model.tensor.DType;
import io.medvol.model.tensor.Ops;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.Tensors;
import io.medvol.model.tensor.TorchRuntime;
import io.medvol.model.weights.MappedWeights;
import io.medvol.model.weights.TensorEntry;
import io.medvol.model.weights.WeightFiles;

/**
 * Makes tensors of the weights in files: large ones that are stored in the type they are computed
 * in are views into the mapped file, the others have memory of their own. Close it once all are
 * made; they stay.
 */
final class TensorLoader implements AutoCloseable {
  /** Values read at once; a tensor may be larger than a buffer. */
  private static final long CHUNK = 1 << 26;

  /** Bytes below which a copy costs nothing, and is aligned for vector instructions. */
  private static final long SMALLEST_VIEW = 1 << 20;

  private final TorchRuntime runtime;
  private final TensorScope owner;
  private final WeightFiles files;
  private final MappedWeights mapped;

  /**
   * @param owner of the tensors
   */
  TensorLoader(TorchRuntime runtime, TensorScope owner, WeightFiles files) {
    this.runtime = runtime;
    this.owner = owner;
    this.files = files;
    this.mapped = new MappedWeights(files, owner, SMALLEST_VIEW);
  }

  /**
   * @throws MedVolException INVALID_INPUT if the tensor holds no real numbers
   */
  NDArray load(String name, DType type, long... shape) {
    return mapped.view(name, type).orElseGet(() -> copy(name, type, shape));
  }

  private NDArray copy(String name, DType type, long... shape) {
    TensorEntry entry = files.entry(name);
    NDArray tensor = owner.ops().empty(type, shape);
    try (TensorScope scope = runtime.storage()) {
      Ops ops = scope.ops();
      NDArray flat = ops.reshape(tensor, -1);
      for (long from = 0; from < entry.size(); from += CHUNK) {
        long count = Math.min(CHUNK, entry.size() - from);
        NDArray target = ops.narrow(flat, 0, from, count);
        if (entry.type() == type) {
          files.read(name, from * type.bytes(), Tensors.bytes(target));
          continue;
        }
        switch (entry.type()) {
          case F64, F32, F16, BF16 -> {
            NDArray stored = ops.empty(entry.type(), count);
            files.read(name, from * entry.type().bytes(), Tensors.bytes(stored));
            ops.copyInto(target, stored);
            stored.close();
          }
          default ->
              throw new MedVolException(
                  ErrorCode.INVALID_INPUT,
                  "Tensor "
                      + name
                      + " has the type "
                      + entry.type()
                      + ": expected F32, BF16, F16 or F64, which a quantised model has not");
        }
      }
    }
    return tensor;
  }

  @Override
  public void close() {
    mapped.close();
  }
}
