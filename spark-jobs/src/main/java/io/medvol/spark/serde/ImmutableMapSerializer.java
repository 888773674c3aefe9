package io.medvol.spark.serde;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The maps of {@code Map.of} and {@code Collections.unmodifiableMap}; keeps the order it met. */
final class ImmutableMapSerializer extends Serializer<Map<?, ?>> {
  ImmutableMapSerializer() {
    super(false, true);
  }

  @Override
  public void write(Kryo kryo, Output output, Map<?, ?> map) {
    output.writeInt(map.size(), true);
    map.forEach(
        (key, value) -> {
          kryo.writeClassAndObject(output, key);
          kryo.writeClassAndObject(output, value);
        });
  }

  @Override
  public Map<?, ?> read(Kryo kryo, Input input, Class<Map<?, ?>> type) {
    int size = input.readInt(true);
    Map<Object, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < size; i++) {
      Object key = kryo.readClassAndObject(input);
      map.put(key, kryo.readClassAndObject(input));
    }
    return Collections.unmodifiableMap(map);
  }
}
