package io.medvol.spark.serde;

import com.esotericsoftware.kryo.Kryo;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.serializer.KryoRegistrator;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.MapType;

/**
 * Registers everything that crosses Spark's wire, for {@code spark.kryo.registrationRequired=true}.
 * The order is the same in every JVM that runs the same jar.
 */
public final class MedVolKryoRegistrator implements KryoRegistrator {
  @Override
  public void registerClasses(Kryo kryo) {
    for (Class<?> array :
        List.of(
            byte[].class,
            short[].class,
            int[].class,
            long[].class,
            float[].class,
            double[].class,
            Object[].class,
            String[].class)) {
      kryo.register(array);
    }
    kryo.register(ArrayList.class);
    kryo.register(LinkedHashMap.class);
    kryo.register(BitSet.class);
    // Spark registers most of what its tables need; a nested schema needs these as well.
    kryo.register(ArrayType.class);
    kryo.register(MapType.class);
    registerLists(kryo);
    registerMaps(kryo);
    for (Class<?> type : WireTypes.all()) {
      if (type.isRecord()) {
        kryo.register(type, new RecordSerializer(type));
      } else {
        kryo.register(type);
      }
      kryo.register(type.arrayType());
    }
  }

  private static void registerLists(Kryo kryo) {
    List<List<Integer>> kinds =
        List.of(
            List.of(1),
            List.of(1, 2, 3),
            List.of(1, 2, 3).subList(0, 1),
            Collections.unmodifiableList(new ArrayList<>()));
    kinds.forEach(list -> kryo.register(list.getClass(), new ImmutableListSerializer()));
  }

  private static void registerMaps(Kryo kryo) {
    List<Map<Integer, Integer>> kinds =
        List.of(
            Map.of(1, 1), Map.of(1, 1, 2, 2), Collections.unmodifiableMap(new LinkedHashMap<>()));
    kinds.forEach(map -> kryo.register(map.getClass(), new ImmutableMapSerializer()));
  }
}
