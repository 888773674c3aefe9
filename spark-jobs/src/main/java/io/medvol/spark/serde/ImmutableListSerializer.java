package io.medvol.spark.serde;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The lists of {@code List.of}, {@code List.copyOf} and {@code Stream.toList}, which Kryo's own
 * serializer would fill with {@code add} and fail.
 */
final class ImmutableListSerializer extends Serializer<List<?>> {
  ImmutableListSerializer() {
    super(false, true);
  }

  @Override
  public void write(Kryo kryo, Output output, List<?> list) {
    output.writeInt(list.size(), true);
    for (Object item : list) {
      kryo.writeClassAndObject(output, item);
    }
  }

  @Override
  public List<?> read(Kryo kryo, Input input, Class<List<?>> type) {
    int size = input.readInt(true);
    Object[] items = new Object[size];
    boolean complete = true;
    for (int i = 0; i < size; i++) {
      items[i] = kryo.readClassAndObject(input);
      complete &= items[i] != null;
    }
    return complete ? List.of(items) : Collections.unmodifiableList(Arrays.asList(items));
  }
}
