package io.medvol.model.tensor;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A loaded TorchScript module, called by method name. Safe to use from several threads at once;
 * results belong to the manager given.
 */
final class TorchModule implements AutoCloseable {
  private final long handle;

  TorchModule(String methods) {
    try {
      handle =
          JniUtils.loadModuleHandle(
              new ByteArrayInputStream(TorchArchive.of(methods)), Device.cpu(), false, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  NDArray tensor(PtNDManager owner, String method, Object... arguments) {
    long value = run(method, arguments);
    try {
      return new PtNDArray(owner, TorchBindings.toTensor(value));
    } finally {
      TorchBindings.deleteValue(value);
    }
  }

  List<NDArray> tensors(PtNDManager owner, String method, Object... arguments) {
    long value = run(method, arguments);
    try {
      List<NDArray> tensors = new ArrayList<>();
      for (long tensor : TorchBindings.toTensors(value)) {
        tensors.add(new PtNDArray(owner, tensor));
      }
      return tensors;
    } finally {
      TorchBindings.deleteValue(value);
    }
  }

  long integer(String method, Object... arguments) {
    long value = run(method, arguments);
    try {
      return TorchBindings.toLong(value);
    } finally {
      TorchBindings.deleteValue(value);
    }
  }

  void call(String method, Object... arguments) {
    TorchBindings.deleteValue(run(method, arguments));
  }

  private long run(String method, Object... arguments) {
    long[] values = new long[arguments.length];
    int made = 0;
    try {
      while (made < arguments.length) {
        values[made] = value(arguments[made]);
        made++;
      }
      return TorchBindings.run(handle, method, values);
    } finally {
      for (int i = 0; i < made; i++) {
        TorchBindings.deleteValue(values[i]);
      }
    }
  }

  private static long value(Object argument) {
    if (argument instanceof PtNDArray tensor) {
      return TorchBindings.fromTensor(tensor.getHandle());
    }
    if (argument instanceof Integer || argument instanceof Long) {
      return TorchBindings.fromLong(((Number) argument).longValue());
    }
    if (argument instanceof Double number) {
      return TorchBindings.fromDouble(number);
    }
    if (argument instanceof Boolean flag) {
      return TorchBindings.fromBoolean(flag);
    }
    if (argument instanceof String text) {
      return TorchBindings.fromString(text);
    }
    if (argument instanceof long[] integers) {
      return TorchBindings.fromLongs(integers);
    }
    if (argument instanceof List<?> tensors) {
      return TorchBindings.fromTensors(
          tensors.stream().mapToLong(tensor -> ((PtNDArray) tensor).getHandle()).toArray());
    }
    throw new IllegalArgumentException("No TorchScript value for " + argument);
  }

  @Override
  public void close() {
    TorchBindings.deleteModule(handle);
  }
}
