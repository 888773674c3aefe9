package io.medvol.data.config;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Turns configuration records into maps, lists and scalars under the keys of the file. */
final class ConfigTree {
  private ConfigTree() {}

  /**
   * Keys in declaration order; empty optionals are left out. What a map lacks of its default is
   * there without a value, as it has to be written to stay out.
   */
  static Map<String, Object> of(Record value) {
    return of(value, UnaryOperator.identity());
  }

  /**
   * @param secrets what stands for the text of a {@link Secret} that is not the default
   */
  static Map<String, Object> of(Record value, UnaryOperator<String> secrets) {
    Map<String, Object> tree = new LinkedHashMap<>();
    Object defaults = ConfigRecords.defaultsOf(value.getClass());
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      Object item = ConfigRecords.componentOf(value, component);
      if (item instanceof Optional<?> optional) {
        item = optional.orElse(null);
      }
      if (item != null) {
        Object plain = plain(item, component.getType(), secrets);
        if (component.isAnnotationPresent(Secret.class)
            && !item.equals(ConfigRecords.componentOf(defaults, component))) {
          plain = secrets.apply(item.toString());
        }
        if (item instanceof Map<?, ?> map
            && ConfigRecords.componentOf(defaults, component) instanceof Map<?, ?> whole) {
          plain = withDropped((Map<?, ?>) plain, map, whole);
        }
        tree.put(Names.key(component), plain);
      }
    }
    return tree;
  }

  private static Map<Object, Object> withDropped(
      Map<?, ?> plain, Map<?, ?> map, Map<?, ?> defaults) {
    Map<Object, Object> entries = new LinkedHashMap<>(plain);
    for (Object key : defaults.keySet()) {
      if (!map.containsKey(key)) {
        entries.put(keyText(key), null);
      }
    }
    return entries;
  }

  static Object plain(Object value, Class<?> declared) {
    return plain(value, declared, UnaryOperator.identity());
  }

  private static Object plain(Object value, Class<?> declared, UnaryOperator<String> secrets) {
    if (value instanceof Record record) {
      Map<String, Object> tree = of(record, secrets);
      if (record.getClass() == declared || !isVariant(record.getClass())) {
        return tree;
      }
      String name = RecordBinder.variantName(record.getClass());
      return tree.isEmpty() ? name : new LinkedHashMap<>(Map.of(name, tree));
    }
    if (value instanceof List<?> list) {
      List<Object> items = new ArrayList<>();
      list.forEach(item -> items.add(plain(item, Object.class, secrets)));
      return items;
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> entries = new LinkedHashMap<>();
      map.forEach((key, item) -> entries.put(keyText(key), plain(item, Object.class, secrets)));
      return entries;
    }
    if (value instanceof Enum<?> constant) {
      return Names.key(constant);
    }
    return value instanceof Duration duration ? durationText(duration) : value;
  }

  private static String keyText(Object key) {
    return key instanceof Enum<?> constant ? Names.key(constant) : key.toString();
  }

  private static boolean isVariant(Class<?> type) {
    for (Class<?> parent : type.getInterfaces()) {
      if (parent.isSealed()) {
        return true;
      }
    }
    return false;
  }

  private static String durationText(Duration duration) {
    long millis = duration.toMillis();
    return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
  }
}
