package io.medvol.data.config;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;

/** What configuration records say of themselves, by reflection. */
final class ConfigRecords {
  private ConfigRecords() {}

  /** What the type's own {@code defaults()} gives, or null where it has none. */
  static Object defaultsOf(Class<?> type) {
    try {
      Method defaults = type.getDeclaredMethod("defaults");
      if (!Modifier.isStatic(defaults.getModifiers()) || defaults.getReturnType() != type) {
        return null;
      }
      defaults.setAccessible(true);
      return defaults.invoke(null);
    } catch (NoSuchMethodException e) {
      return null;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("The defaults of " + type.getName() + " do not hold", e);
    }
  }

  static Object componentOf(Object record, RecordComponent component) {
    if (record == null) {
      return null;
    }
    try {
      Method accessor = component.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot read " + component, e);
    }
  }
}
