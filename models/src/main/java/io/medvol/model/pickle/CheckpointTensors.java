package io.medvol.model.pickle;

import ai.djl.ndarray.NDArray;
import io.medvol.model.tensor.DType;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.Tensors;
import io.medvol.model.tensor.TorchRuntime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Turns the tensors of a checkpoint into tensors of ours. */
public final class CheckpointTensors {
  private CheckpointTensors() {}

  /**
   * Reads every tensor, row-major and of its own type, whatever view of a storage it was; the order
   * is that of the state dict. The tensors belong to the scope.
   */
  public static Map<String, NDArray> load(
      TorchCheckpoint checkpoint, TorchRuntime runtime, TensorScope scope) {
    Map<String, List<String>> byStorage = new LinkedHashMap<>();
    Map<String, NDArray> loaded = new LinkedHashMap<>();
    checkpoint
        .tensors()
        .forEach(
            (name, tensor) -> {
              byStorage.computeIfAbsent(tensor.storage(), key -> new ArrayList<>()).add(name);
              loaded.put(name, null);
            });
    for (List<String> names : byStorage.values()) {
      try (TensorScope passing = runtime.storage()) {
        PickledTensor first = checkpoint.tensors().get(names.get(0));
        NDArray storage = passing.ops().empty(DType.U8, checkpoint.storageBytes(first));
        if (checkpoint.storageBytes(first) > 0) {
          checkpoint.readStorage(first, Tensors.bytes(storage));
        }
        for (String name : names) {
          loaded.put(name, view(storage, checkpoint.tensors().get(name), passing, scope));
        }
      }
    }
    return loaded;
  }

  private static NDArray view(
      NDArray storage, PickledTensor tensor, TensorScope passing, TensorScope scope) {
    long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
    if (tensor.elements() == 0) {
      return scope.ops().zeros(tensor.type(), shape);
    }
    long[] strides = tensor.strides().stream().mapToLong(Long::longValue).toArray();
    NDArray view =
        passing.ops().reinterpret(storage, tensor.offset(), tensor.type(), shape, strides);
    // A view of the whole storage keeps it alive by itself; any other is copied out of it.
    boolean whole = tensor.isContiguous() && tensor.elements() == tensor.storageElements();
    if (whole) {
      return scope.keep(view);
    }
    NDArray copy = scope.ops().empty(tensor.type(), shape);
    scope.ops().copyInto(copy, view);
    return copy;
  }
}
