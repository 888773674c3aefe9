package io.medvol.model.qwen;

import ai.djl.ndarray.NDArray;
import io.medvol.data.error.MedVolException;
import io.medvol.model.lora.AdapterSource;
import io.medvol.model.tensor.DType;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.TorchRuntime;
import io.medvol.model.weights.WeightFiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The tensors of a network by their names on the hub: those that are trained and those of its
 * adapter are its own, the others those of {@link FrozenWeights}.
 */
final class Weights implements AutoCloseable {
  private final TensorScope storage;
  private final WeightFiles files;
  private final TensorLoader own;
  private final FrozenWeights.Use frozen;
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
      Optional<AdapterSource> adapter,
      FrozenWeights frozen) {
    this.storage = runtime.storage();
    this.files = files;
    this.own = new TensorLoader(runtime, storage, files);
    this.frozen = frozen.use(files);
    this.types = types;
    this.none = storage.ops().empty(DType.F32, 0);
    this.adapter =
        adapter.map(source -> new LoraAdapter(runtime, storage, source, HubNames.modules(files)));
  }

  /**
   * Loads a tensor.
   *
   * @throws MedVolException INVALID_INPUT if the files lack it or its shape is another
   */
  NDArray load(String name, long... shape) {
    files.require(name, Arrays.stream(shape).boxed().toList());
    DType type = types.of(name);
    NDArray tensor =
        types.isTrained(name) ? own.load(name, type, shape) : frozen.load(name, type, shape);
    tensors.put(name, tensor);
    return tensor;
  }

  /** Called once every tensor is loaded; the files may be closed then. */
  void finish() {
    own.close();
    frozen.finish();
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
    frozen.close();
  }
}
