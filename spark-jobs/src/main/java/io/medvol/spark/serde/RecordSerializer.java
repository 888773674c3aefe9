package io.medvol.spark.serde;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;

/**
 * Writes any record by its accessors and reads it through its canonical constructor, so that the
 * checks of the compact constructor hold for what arrives. Kryo 4 cannot do this by itself: it
 * writes fields, and those of a record cannot be set.
 *
 * <p>Components are written in their declared order; primitives and texts bare, everything else
 * with its class. Not thread-safe, as no Kryo serializer is.
 */
final class RecordSerializer extends Serializer<Record> {
  private final Method[] accessors;
  private final Class<?>[] types;
  private final Constructor<?> constructor;

  RecordSerializer(Class<?> type) {
    super(false, true);
    RecordComponent[] components = type.getRecordComponents();
    if (components == null) {
      throw new IllegalArgumentException(type.getName() + " is not a record");
    }
    this.accessors =
        Arrays.stream(components).map(RecordComponent::getAccessor).toArray(Method[]::new);
    this.types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      this.constructor = type.getDeclaredConstructor(types);
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("Every record has a canonical constructor", e);
    }
    constructor.setAccessible(true);
    for (Method accessor : accessors) {
      accessor.setAccessible(true);
    }
  }

  @Override
  public void write(Kryo kryo, Output output, Record value) {
    for (int i = 0; i < accessors.length; i++) {
      Object component;
      try {
        component = accessors[i].invoke(value);
      } catch (IllegalAccessException | InvocationTargetException e) {
        throw new KryoException("Cannot read " + accessors[i] + " of " + value.getClass(), e);
      }
      writeComponent(kryo, output, types[i], component);
    }
  }

  @Override
  public Record read(Kryo kryo, Input input, Class<Record> type) {
    Object[] arguments = new Object[types.length];
    for (int i = 0; i < types.length; i++) {
      arguments[i] = readComponent(kryo, input, types[i]);
    }
    try {
      return type.cast(constructor.newInstance(arguments));
    } catch (InstantiationException | IllegalAccessException e) {
      throw new KryoException("Cannot make a " + type.getName(), e);
    } catch (InvocationTargetException e) {
      throw new KryoException(
          type.getName() + " refuses what arrived: " + e.getCause().getMessage(), e.getCause());
    }
  }

  private static void writeComponent(Kryo kryo, Output output, Class<?> type, Object value) {
    if (type == int.class) {
      output.writeInt((Integer) value);
    } else if (type == long.class) {
      output.writeLong((Long) value);
    } else if (type == double.class) {
      output.writeDouble((Double) value);
    } else if (type == float.class) {
      output.writeFloat((Float) value);
    } else if (type == boolean.class) {
      output.writeBoolean((Boolean) value);
    } else if (type == String.class) {
      output.writeString((String) value);
    } else {
      kryo.writeClassAndObject(output, value);
    }
  }

  private static Object readComponent(Kryo kryo, Input input, Class<?> type) {
    if (type == int.class) {
      return input.readInt();
    }
    if (type == long.class) {
      return input.readLong();
    }
    if (type == double.class) {
      return input.readDouble();
    }
    if (type == float.class) {
      return input.readFloat();
    }
    if (type == boolean.class) {
      return input.readBoolean();
    }
    if (type == String.class) {
      return input.readString();
    }
    return kryo.readClassAndObject(input);
  }
}
