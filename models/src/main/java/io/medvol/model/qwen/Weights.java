package io.medvol.model.qwen;

import ai.djl.ndarray.NDArray;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.model.lora.AdapterSource;
import io.medvol.model.tensor.DType;
import io.medvol.model.tensor.Ops;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.Tensors;
import io.medvol.model.tensor.TorchRuntime;
import io.medvol.model.weights.MappedWeights;
import io.medvol.model.weights.TensorEntry;
import io.medvol.model.weights.WeightFiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The tensors of a network by their names on the hub: large ones that are stored in the type they
 * are computed in are views into the mapped file, the others have memory of their own.
 */
final class Weights implements AutoCloseable {
  /** Values read at once; a tensor may be larger than a buffer. */
  private static final long CHUNK = 1 << 26;

  private final TorchRuntime runtime;
  private final TensorScope storage;
  private final WeightFiles files;
  private final MappedWeights mapped;
  private final WeightTypes types;
  private final SortedMap<String, NDArray> tensors = new TreeMap<>();
  private final Optional<LoraAdapter> adapter;
  private final NDArray none;

  /**
   * @param adapter attached to the projections it targets
   */
  Weights(
      TorchRuntime runtime,
      WeightFiles files,
      WeightTypes types,
      HubNames names,
      Optional<AdapterSource> adapter) {
    this.runtime = runtime;
    this.storage = runtime.storage();
    this.files = files;
    this.mapped = new MappedWeights(files, storage);
    this.types = types;
    this.none = storage.ops().empty(DType.F32, 0);
    this.adapter = adapter.map(source -> new LoraAdapter(runtime, storage, names, source));
  }

  /**
   * Loads a tensor.
   *
   * @throws MedVolException INVALID_INPUT if the files lack it or its shape is another
   */
  NDArray load(String name, long... shape) {
    TensorEntry entry = files.require(name, Arrays.stream(shape).boxed().toList());
    DType type = types.of(name);
    NDArray tensor = mapped.view(name, type).orElseGet(() -> copy(name, entry, type, shape));
    tensors.put(name, tensor);
    return tensor;
  }

  private NDArray copy(String name, TensorEntry entry, DType type, long... shape) {
    NDArray tensor = storage.ops().empty(type, shape);
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
          }
          default ->
              throw new MedVolException(
                  ErrorCode.INVALID_INPUT,
                  "Tensor " + name + " has the type " + entry.type() + ": expected real numbers");
        }
      }
    }
    return tensor;
  }

  /** Called once every tensor is loaded; the files may be closed then. */
  void finish() {
    mapped.close();
  }

  /**
   * Loads a projection {@code [out][in]} in the five tensors that the operation {@code project}
   * takes: weight, bias, and A, B and scale of its adapter; empty ones where there is none.
   */
  List<NDArray> projection(String module, long out, long in, boolean bias) {
    List<NDArray> parts = new ArrayList<>();
    NDArray weight = load(module + ".weight", out, in);
    parts.add(weight);
    parts.add(bias ? load(module + ".bias", out) : none);
    adapter.ifPresent(one -> parts.addAll(one.attach(module, weight)));
    while (parts.size() < 5) {
      parts.add(none);
    }
    return parts;
  }

  /** A tensor without values, for a weight this variant does not have. */
  NDArray none() {
    return none;
  }

  Optional<LoraAdapter> adapter() {
    return adapter;
  }

  /** All loaded tensors but the adapter's. */
  SortedMap<String, NDArray> tensors() {
    return Collections.unmodifiableSortedMap(tensors);
  }

  @Override
  public void close() {
    storage.close();
  }
}
