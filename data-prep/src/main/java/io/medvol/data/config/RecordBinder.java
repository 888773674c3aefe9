package io.medvol.data.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Binds a tree to records and collects every problem on the way. A value that could not be bound is
 * {@link #FAILED}; its record is still built with the default in its place, so that the limits of
 * the other keys are checked in the same run. That record is {@link Flawed}: what holds it is built
 * and checked too, and no more than that.
 */
final class RecordBinder {
  private static final Object FAILED = new Object();

  /** A value for the checks of what holds it; problems were found in it. */
  private record Flawed(Object value) {}

  private final List<ConfigProblem> problems;
  private final Set<String> failedPaths = new HashSet<>();

  RecordBinder(List<ConfigProblem> problems) {
    this.problems = problems;
  }

  /** The record, or empty when there are problems. */
  <T extends Record> Optional<T> bind(Class<T> type, ConfigNode root) {
    Object bound = record(type, root, ConfigRecords.defaultsOf(type), "");
    return isBound(bound) ? Optional.of(type.cast(bound)) : Optional.empty();
  }

  private static boolean isBound(Object value) {
    return value != FAILED && !(value instanceof Flawed);
  }

  private static Object whole(Object value) {
    return isBound(value) ? value : FAILED;
  }

  private static Object unwrapped(Object value) {
    return value instanceof Flawed flawed ? flawed.value() : value;
  }

  private Object value(Type type, ConfigNode node, Object fallback, String path) {
    if (type instanceof ParameterizedType generic) {
      return container(generic, node, fallback, path);
    }
    Class<?> raw = (Class<?>) type;
    if (raw.isRecord()) {
      return record(raw, node, fallback == null ? ConfigRecords.defaultsOf(raw) : fallback, path);
    }
    if (raw.isSealed()) {
      return variant(raw, node, path);
    }
    if (!ScalarParser.handles(raw)) {
      throw new IllegalStateException("No configuration key can be a " + raw.getName());
    }
    if (!(node instanceof ConfigNode.Scalar scalar) || scalar.text() == null) {
      return fail(path, node, ScalarParser.allowed(raw));
    }
    return ScalarParser.parse(raw, scalar.text())
        .orElseGet(() -> fail(path, node, ScalarParser.allowed(raw)));
  }

  private Object container(ParameterizedType type, ConfigNode node, Object fallback, String path) {
    Class<?> raw = (Class<?>) type.getRawType();
    Type[] arguments = type.getActualTypeArguments();
    if (raw == Optional.class) {
      if (isNull(node)) {
        return Optional.empty();
      }
      Object inner = fallback instanceof Optional<?> optional ? optional.orElse(null) : null;
      Object bound = value(arguments[0], node, inner, path);
      return isBound(bound) ? Optional.of(bound) : FAILED;
    }
    if (raw == List.class) {
      return list(arguments[0], node, path);
    }
    if (raw == Map.class && ScalarParser.handles((Class<?>) arguments[0])) {
      return map(arguments, node, fallback, path);
    }
    throw new IllegalStateException("No configuration key can be a " + type);
  }

  private Object list(Type item, ConfigNode node, String path) {
    if (item == String.class && node instanceof ConfigNode.Scalar one && one.text() != null) {
      return List.of(one.text());
    }
    if (!(node instanceof ConfigNode.Sequence sequence)) {
      return fail(path, node, "a list");
    }
    List<Object> items = new ArrayList<>();
    for (int i = 0; i < sequence.items().size(); i++) {
      items.add(value(item, sequence.items().get(i), null, path + "[" + i + "]"));
    }
    if (items.contains(FAILED)) {
      return FAILED;
    }
    List<Object> usable = items.stream().map(RecordBinder::unwrapped).toList();
    return items.stream().allMatch(RecordBinder::isBound) ? usable : new Flawed(usable);
  }

  private Object map(Type[] types, ConfigNode node, Object fallback, String path) {
    if (!(node instanceof ConfigNode.Mapping mapping)) {
      return fail(path, node, "a group of keys");
    }
    Map<Object, Object> entries = new LinkedHashMap<>();
    if (fallback instanceof Map<?, ?> defaults) {
      entries.putAll(defaults);
    }
    boolean failed = false;
    boolean flawed = false;
    for (Map.Entry<String, ConfigNode> entry : mapping.entries().entrySet()) {
      String entryPath = join(path, entry.getKey());
      Class<?> keyType = (Class<?>) types[0];
      Optional<Object> key = ScalarParser.parse(keyType, entry.getKey());
      if (key.isEmpty()) {
        fail(
            entryPath,
            new ConfigNode.Scalar(entry.getValue().origin(), entry.getKey()),
            ScalarParser.allowed(keyType) + " as a key");
        failed = true;
        continue;
      }
      if (isNull(entry.getValue()) && entries.remove(key.get()) != null) {
        continue;
      }
      Object bound = value(types[1], entry.getValue(), entries.get(key.get()), entryPath);
      failed |= bound == FAILED;
      flawed |= !isBound(bound);
      entries.put(key.get(), unwrapped(bound));
    }
    Map<Object, Object> whole = Collections.unmodifiableMap(entries);
    return failed ? FAILED : flawed ? new Flawed(whole) : whole;
  }

  /** A sealed interface of records: {@code name}, or {@code name: {keys of that record}}. */
  private Object variant(Class<?> sealed, ConfigNode node, String path) {
    Map<String, Class<?>> variants = new LinkedHashMap<>();
    for (Class<?> variant : sealed.getPermittedSubclasses()) {
      variants.put(variantName(variant), variant);
    }
    String name = null;
    ConfigNode body = null;
    if (node instanceof ConfigNode.Scalar scalar) {
      name = scalar.text();
      body = new ConfigNode.Mapping(scalar.origin(), Map.of());
    } else if (node instanceof ConfigNode.Mapping mapping && mapping.entries().size() == 1) {
      name = mapping.entries().keySet().iterator().next();
      body = mapping.entries().get(name);
    }
    Class<?> variant = name == null ? null : variants.get(name);
    if (variant == null) {
      return fail(path, node, "one of " + String.join(", ", variants.keySet()));
    }
    return record(variant, body, ConfigRecords.defaultsOf(variant), join(path, name));
  }

  static String variantName(Class<?> variant) {
    return Names.kebab(variant.getSimpleName());
  }

  private Object record(Class<?> type, ConfigNode node, Object defaults, String path) {
    if (!(node instanceof ConfigNode.Mapping mapping)) {
      return fail(path, node, "a group of the keys " + String.join(", ", Names.keys(type)));
    }
    boolean failed = reportUnknownKeys(type, mapping, path);
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    boolean buildable = true;
    for (int i = 0; i < components.length; i++) {
      String key = Names.key(components[i]);
      Object fallback = ConfigRecords.componentOf(defaults, components[i]);
      ConfigNode child = mapping.entries().get(key);
      // A default of null says that the key may stay without a value.
      boolean nullable = defaults != null && fallback == null;
      if (nullable && (child == null || isNull(child))) {
        continue;
      }
      values[i] =
          child == null
              ? missing(components[i].getGenericType(), fallback, node, join(path, key))
              : value(components[i].getGenericType(), child, fallback, join(path, key));
      failed |= !isBound(values[i]);
      // A record of its own gives way to its default; the items of lists and maps have none.
      values[i] = components[i].getType().isRecord() ? whole(values[i]) : unwrapped(values[i]);
      if (values[i] == FAILED) {
        failedPaths.add(join(path, key));
        values[i] = fallback == null ? emptyOf(components[i].getType()) : fallback;
        buildable &= values[i] != null || nullable;
      }
    }
    if (!buildable) {
      return FAILED;
    }
    Object built = construct(type, values, mapping, path);
    return failed && built != FAILED ? new Flawed(built) : built;
  }

  private Object missing(Type type, Object fallback, ConfigNode parent, String path) {
    if (fallback != null) {
      return fallback;
    }
    if (type instanceof ParameterizedType generic) {
      return emptyOf((Class<?>) generic.getRawType());
    }
    if (type instanceof Class<?> raw && raw.isRecord() && ConfigRecords.defaultsOf(raw) != null) {
      return ConfigRecords.defaultsOf(raw);
    }
    problems.add(new ConfigProblem(path, parent.origin(), "is missing and has no default"));
    return FAILED;
  }

  /** The empty value of a container, null for any other type. */
  private static Object emptyOf(Class<?> type) {
    if (type == Optional.class) {
      return Optional.empty();
    }
    return type == List.class ? List.of() : type == Map.class ? Map.of() : null;
  }

  private boolean reportUnknownKeys(Class<?> type, ConfigNode.Mapping mapping, String path) {
    List<String> known = Names.keys(type);
    boolean found = false;
    for (Map.Entry<String, ConfigNode> entry : mapping.entries().entrySet()) {
      if (!known.contains(entry.getKey())) {
        String hint =
            Names.nearest(entry.getKey(), known)
                .map(near -> "; did you mean " + near + "?")
                .orElse("; known keys: " + String.join(", ", known));
        problems.add(
            new ConfigProblem(
                join(path, entry.getKey()), entry.getValue().origin(), "is an unknown key" + hint));
        found = true;
      }
    }
    return found;
  }

  private Object construct(
      Class<?> type, Object[] values, ConfigNode.Mapping mapping, String path) {
    Class<?>[] types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof ConfigLimits.ViolationsException violations) {
        for (ConfigProblem problem : violations.problems()) {
          String full = join(path, problem.key());
          if (!failedPaths.contains(full)) {
            problems.add(
                new ConfigProblem(full, mapping.originOf(problem.key()), problem.message()));
          }
        }
        return FAILED;
      }
      if (e.getCause() instanceof IllegalArgumentException violation) {
        problems.add(new ConfigProblem(path, mapping.origin(), violation.getMessage()));
        return FAILED;
      }
      throw new IllegalStateException("Cannot build " + type.getName(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot build " + type.getName(), e);
    }
  }

  private Object fail(String path, ConfigNode node, String allowed) {
    problems.add(
        new ConfigProblem(path, node.origin(), "is " + node.describe() + "; allowed: " + allowed));
    return FAILED;
  }

  private static boolean isNull(ConfigNode node) {
    return node instanceof ConfigNode.Scalar scalar && scalar.text() == null;
  }

  private static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
