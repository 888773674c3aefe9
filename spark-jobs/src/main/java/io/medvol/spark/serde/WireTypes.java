package io.medvol.spark.serde;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The classes of ours that cross the wire: the arguments and results of tasks, and whatever these
 * hold. Only the roots are named; the rest follows from their components, so that a new component
 * cannot be forgotten.
 */
final class WireTypes {
  private static final String OURS = "io.medvol.";

  private WireTypes() {}

  /** Concrete classes, ordered by name. */
  static List<Class<?>> all() {
    Set<Class<?>> found = new TreeSet<>(Comparator.comparing(Class::getName));
    Deque<Type> open = new ArrayDeque<>(WireRoots.TYPES);
    while (!open.isEmpty()) {
      visit(open.pop(), found, open);
    }
    return found.stream().filter(type -> !Modifier.isAbstract(type.getModifiers())).toList();
  }

  private static void visit(Type type, Set<Class<?>> found, Deque<Type> open) {
    if (type instanceof ParameterizedType generic) {
      open.push(generic.getRawType());
      for (Type argument : generic.getActualTypeArguments()) {
        open.push(argument);
      }
    } else if (type instanceof WildcardType wildcard) {
      for (Type bound : wildcard.getUpperBounds()) {
        open.push(bound);
      }
    } else if (type instanceof Class<?> raw && raw.isArray()) {
      open.push(raw.getComponentType());
    } else if (type instanceof Class<?> raw && raw.getName().startsWith(OURS) && found.add(raw)) {
      if (raw.isSealed()) {
        open.addAll(List.of(raw.getPermittedSubclasses()));
      }
      if (raw.isEnum()) {
        return;
      }
      for (Field field : raw.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())) {
          open.push(field.getGenericType());
        }
      }
    }
  }
}
