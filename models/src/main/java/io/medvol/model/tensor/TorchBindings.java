package io.medvol.model.tensor;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.lang.reflect.Method;

/**
 * The native methods of DJL's engine that call a TorchScript method. They are package-private
 * there; a class of ours in that package would need the same class loader, reflection does not.
 */
final class TorchBindings {
  private static final Natives NATIVES = new Natives();
  private static final MethodHandle RUN =
      NATIVES.find(
          "moduleRunMethod", long.class, String.class, long[].class, boolean.class, boolean.class);
  private static final MethodHandle DELETE_MODULE = NATIVES.find("torchDeleteModule", long.class);
  private static final MethodHandle DELETE_VALUE = NATIVES.find("torchDeleteIValue", long.class);
  private static final MethodHandle FROM_TENSOR = NATIVES.find("iValueFromTensor", long.class);
  private static final MethodHandle FROM_LONG = NATIVES.find("iValueFromLong", long.class);
  private static final MethodHandle FROM_DOUBLE = NATIVES.find("iValueFromDouble", double.class);
  private static final MethodHandle FROM_BOOL = NATIVES.find("iValueFromBool", boolean.class);
  private static final MethodHandle FROM_STRING = NATIVES.find("iValueFromString", String.class);
  private static final MethodHandle FROM_LONGS = NATIVES.find("iValueFromLongList", long[].class);
  private static final MethodHandle FROM_TENSORS =
      NATIVES.find("iValueFromTensorList", long[].class);
  private static final MethodHandle TO_TENSOR = NATIVES.find("iValueToTensor", long.class);
  private static final MethodHandle TO_LONG = NATIVES.find("iValueToLong", long.class);
  private static final MethodHandle TO_TENSORS = NATIVES.find("iValueToTensorList", long.class);

  private TorchBindings() {}

  /** Not in inference mode: tensors made there could never take part in a backward pass. */
  static long run(long module, String method, long[] arguments) {
    try {
      return (long) RUN.invokeExact(module, method, arguments, true, false);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  static void deleteModule(long module) {
    try {
      DELETE_MODULE.invokeExact(module);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  static void deleteValue(long value) {
    try {
      DELETE_VALUE.invokeExact(value);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  static long fromTensor(long tensor) {
    try {
      return (long) FROM_TENSOR.invokeExact(tensor);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  static long fromTensors(long[] tensors) {
    try {
      return (long) FROM_TENSORS.invokeExact(tensors);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  static long fromLong(long value) {
    try {
      return (long) FROM_LONG.invokeExact(value);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  static long fromDouble(double value) {
    try {
      return (long) FROM_DOUBLE.invokeExact(value);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  static long fromBoolean(boolean value) {
    try {
      return (long) FROM_BOOL.invokeExact(value);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  static long fromString(String value) {
    try {
      return (long) FROM_STRING.invokeExact(value);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  static long fromLongs(long[] values) {
    try {
      return (long) FROM_LONGS.invokeExact(values);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  static long toTensor(long value) {
    try {
      return (long) TO_TENSOR.invokeExact(value);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  static long[] toTensors(long value) {
    try {
      return (long[]) TO_TENSORS.invokeExact(value);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  static long toLong(long value) {
    try {
      return (long) TO_LONG.invokeExact(value);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  private static RuntimeException unchecked(Throwable e) {
    if (e instanceof RuntimeException runtime) {
      return runtime;
    }
    if (e instanceof Error error) {
      throw error;
    }
    return new IllegalStateException(e);
  }

  /** Finds the methods by name, once. */
  private static final class Natives {
    private final Class<?> type;
    private final Object library;

    Natives() {
      try {
        type = Class.forName("ai.djl.pytorch.jni.PyTorchLibrary");
        Field field = type.getDeclaredField("LIB");
        field.setAccessible(true);
        library = field.get(null);
      } catch (ReflectiveOperationException e) {
        throw changed(e);
      }
    }

    MethodHandle find(String name, Class<?>... parameters) {
      try {
        Method method = type.getDeclaredMethod(name, parameters);
        method.setAccessible(true);
        return MethodHandles.lookup().unreflect(method).bindTo(library);
      } catch (ReflectiveOperationException e) {
        throw changed(e);
      }
    }

    private static IllegalStateException changed(ReflectiveOperationException e) {
      return new IllegalStateException(
          "This version of DJL's PyTorch engine lacks a native method; use 0.32.0 or 0.35.1", e);
    }
  }
}
