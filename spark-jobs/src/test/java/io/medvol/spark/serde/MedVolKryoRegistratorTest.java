package io.medvol.spark.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import io.medvol.data.volume.PixelBox;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.SerializerInstance;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import scala.reflect.ClassTag$;

class MedVolKryoRegistratorTest {
  record Stranger(int value) implements Serializable {}

  private static SerializerInstance kryo() {
    SparkConf conf =
        new SparkConf(false)
            .set("spark.kryo.registrator", MedVolKryoRegistrator.class.getName())
            .set("spark.kryo.registrationRequired", "true");
    return new KryoSerializer(conf).newInstance();
  }

  private static Object throughKryo(Object value) {
    ByteBuffer bytes = kryo().serialize(value, ClassTag$.MODULE$.apply(Object.class));
    return kryo().deserialize(bytes, ClassTag$.MODULE$.apply(Object.class));
  }

  private static Object throughJava(Object value) throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return in.readObject();
    }
  }

  @TestFactory
  Stream<DynamicTest> everyWireRecordSurvivesKryoAndJava() {
    return Samples.all().stream()
        .map(
            value ->
                DynamicTest.dynamicTest(
                    value.getClass().getSimpleName() + " " + value.hashCode(),
                    () -> {
                      assertThat(throughKryo(value)).isEqualTo(value);
                      assertThat(throughJava(value)).isEqualTo(value);
                    }));
  }

  @Test
  void theSamplesHoldEveryWireType() throws IllegalAccessException {
    Set<Class<?>> met = new HashSet<>();
    for (Object value : Samples.all()) {
      collect(value, met);
    }
    assertThat(met).containsAll(WireTypes.all());
  }

  @Test
  void listsAndMapsKeepTheirOrderAndContent() {
    assertThat(throughKryo(List.of())).isEqualTo(List.of());
    assertThat(throughKryo(new ArrayList<>(List.of(1, 2)))).isEqualTo(List.of(1, 2));
    assertThat(throughKryo(List.of(1, 2, 3).subList(0, 2))).isEqualTo(List.of(1, 2));
    assertThat(throughKryo(Stream.of(1, null, 3).toList()))
        .isEqualTo(Stream.of(1, null, 3).toList());
    assertThat(throughKryo(Map.of("a", 1, "b", 2))).isEqualTo(Map.of("a", 1, "b", 2));
  }

  @Test
  void aClassThatIsNotRegisteredIsRefused() {
    assertThatThrownBy(() -> throughKryo(new Stranger(1)))
        .hasMessageContaining("Class is not registered")
        .hasMessageContaining("Stranger");
  }

  @Test
  void whatArrivesPassesTheChecksOfTheCompactConstructor() {
    Kryo plain = new Kryo();
    RecordSerializer serializer = new RecordSerializer(PixelBox.class);
    Output output = new Output(64);
    for (int corner : new int[] {5, 0, 1, 0}) {
      output.writeInt(corner);
    }
    Input input = new Input(output.toBytes());
    @SuppressWarnings({"unchecked", "rawtypes"})
    Class<Record> type = (Class) PixelBox.class;
    assertThatThrownBy(() -> serializer.read(plain, input, type))
        .isInstanceOf(KryoException.class)
        .hasMessageContaining("PixelBox refuses what arrived")
        .hasMessageContaining("out of order");
  }

  private static void collect(Object value, Set<Class<?>> met) throws IllegalAccessException {
    if (value instanceof Collection<?> items) {
      for (Object item : items) {
        collect(item, met);
      }
    } else if (value instanceof Map<?, ?> map) {
      collect(map.values(), met);
    } else if (value != null && value.getClass().getName().startsWith("io.medvol.")) {
      met.add(value.getClass());
      if (value instanceof Enum<?>) {
        return;
      }
      for (Field field : value.getClass().getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
          field.setAccessible(true);
          collect(field.get(value), met);
        }
      }
    }
  }
}
