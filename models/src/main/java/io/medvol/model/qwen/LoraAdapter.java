package io.medvol.model.qwen;

import ai.djl.ndarray.NDArray;
import io.medvol.data.error.MedVolException;
import io.medvol.model.lora.AdaptedModules;
import io.medvol.model.lora.AdapterMode;
import io.medvol.model.lora.AdapterNames;
import io.medvol.model.lora.AdapterSource;
import io.medvol.model.lora.ModuleName;
import io.medvol.model.tensor.DType;
import io.medvol.model.tensor.GradientMode;
import io.medvol.model.tensor.Ops;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.TorchRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The low-rank adapter of a network: {@code x W^T + scale * (x A^T) B^T} in every target module. It
 * is switched off by its scale, so that no computation has to ask for its mode.
 */
final class LoraAdapter {
  private record Module(NDArray weight, NDArray down, NDArray up, NDArray scale) {}

  private final TorchRuntime runtime;
  private final TensorScope storage;
  private final AdapterSource source;
  private final AdaptedModules targets;
  private final SortedMap<String, Module> modules = new TreeMap<>();
  private final List<String> adapted = new ArrayList<>();
  private final List<NDArray> untouched = new ArrayList<>();
  private AdapterMode mode = AdapterMode.ACTIVE;

  /**
   * @param storage owns the adapter's tensors
   * @param named the modules of the network
   * @throws MedVolException INVALID_INPUT if the targets are not modules that can be adapted
   */
  LoraAdapter(
      TorchRuntime runtime, TensorScope storage, AdapterSource source, List<ModuleName> named) {
    this.runtime = runtime;
    this.storage = storage;
    this.source = source;
    this.targets = AdaptedModules.of(source.config().targets(), named);
  }

  /**
   * A, B and the scale of a module; none if it is not a target.
   *
   * @param hubName name of the module in the model's files
   */
  List<NDArray> attach(String hubName, NDArray weight) {
    ModuleName name = HubNames.module(hubName);
    if (!targets.contains(name.current())) {
      return List.of();
    }
    int out = Math.toIntExact(weight.getShape().get(0));
    int in = Math.toIntExact(weight.getShape().get(1));
    int rank = source.config().rank();
    Module module =
        new Module(
            weight,
            storage.floats(source.down(name, in), rank, in),
            storage.floats(source.up(name, out), out, rank),
            storage.floats(new float[] {(float) source.config().scale()}, 1));
    modules.put(name.current(), module);
    adapted.add(hubName);
    return List.of(module.down(), module.up(), module.scale());
  }

  /**
   * Called once every module was offered.
   *
   * @throws MedVolException INVALID_INPUT if the source has values for other modules too
   */
  void requireComplete() {
    source.requireOnly(modules.keySet());
  }

  /** A and B of every module by peft's names. */
  SortedMap<String, NDArray> tensors() {
    SortedMap<String, NDArray> tensors = new TreeMap<>();
    modules.forEach(
        (name, module) -> {
          tensors.put(AdapterNames.down(name), module.down());
          tensors.put(AdapterNames.up(name), module.up());
        });
    return tensors;
  }

  /** Whether it adapts a module of such a name on the hub. */
  boolean adapts(Predicate<String> hubName) {
    return adapted.stream().anyMatch(hubName);
  }

  AdapterMode mode() {
    return mode;
  }

  /** Switches to a mode. */
  void use(AdapterMode next) {
    if (next == mode) {
      return;
    }
    if (mode == AdapterMode.MERGED) {
      restore();
    }
    if (next == AdapterMode.MERGED) {
      merge();
    }
    scale(next == AdapterMode.ACTIVE ? source.config().scale() : 0);
    mode = next;
  }

  private void scale(double value) {
    try (TensorScope scope = runtime.compute(GradientMode.NONE)) {
      NDArray scale = scope.floats(new float[] {(float) value}, 1);
      modules.values().forEach(module -> scope.ops().copyInto(module.scale(), scale));
    }
  }

  private void merge() {
    for (Map.Entry<String, Module> entry : modules.entrySet()) {
      Module module = entry.getValue();
      NDArray copy = storage.ops().empty(DType.F32, module.weight().getShape().getShape());
      try (TensorScope scope = runtime.compute(GradientMode.NONE)) {
        Ops ops = scope.ops();
        ops.copyInto(copy, module.weight());
        NDArray product = ops.matmul(module.up(), module.down());
        ops.copyInto(
            module.weight(),
            ops.add(module.weight(), ops.affine(product, source.config().scale(), 0)));
      }
      untouched.add(copy);
    }
  }

  private void restore() {
    int i = 0;
    for (Module module : modules.values()) {
      try (TensorScope scope = runtime.compute(GradientMode.NONE)) {
        scope.ops().copyInto(module.weight(), untouched.get(i));
      }
      untouched.get(i++).close();
    }
    untouched.clear();
  }
}
