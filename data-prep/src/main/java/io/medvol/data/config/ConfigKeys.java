package io.medvol.data.config;

import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** The keys of a configuration as a file spells them. */
public final class ConfigKeys {
  private ConfigKeys() {}

  /**
   * Paths of all keys with a value of their own, such as {@code grpo.num-generations}, in order.
   */
  public static Set<String> of(Class<? extends Record> type) {
    Set<String> keys = new LinkedHashSet<>();
    collect(type, "", keys);
    return keys;
  }

  /** The candidate that a typing error most likely meant, if one is close. */
  public static Optional<String> nearest(String word, Collection<String> candidates) {
    return Names.nearest(word, candidates);
  }

  private static void collect(Class<?> type, String prefix, Set<String> keys) {
    for (RecordComponent component : type.getRecordComponents()) {
      String key = prefix + Names.key(component);
      if (component.getType().isRecord()) {
        collect(component.getType(), key + ".", keys);
      } else {
        keys.add(key);
      }
    }
  }
}
