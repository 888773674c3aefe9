package io.medvol.data.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes the reference of a configuration as Markdown: every key, its type, default, meaning. */
public final class ConfigReference {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final StringBuilder text = new StringBuilder();

  private ConfigReference() {}

  /** One table for the keys of the record itself, one for each group of keys below it. */
  public static String markdown(Class<? extends Record> type) {
    ConfigReference reference = new ConfigReference();
    reference.table(type, ConfigRecords.defaultsOf(type), "");
    return reference.text.toString();
  }

  private void table(Class<?> type, Object defaults, String prefix) {
    if (!prefix.isEmpty()) {
      text.append("\n## ").append(prefix).append("\n\n");
    }
    ConfigDescription about = type.getAnnotation(ConfigDescription.class);
    if (about != null) {
      text.append(about.value()).append("\n\n");
    }
    List<RecordComponent> keys =
        Arrays.stream(type.getRecordComponents()).filter(key -> !key.getType().isRecord()).toList();
    if (!keys.isEmpty()) {
      text.append("| key | type | default | meaning |\n|---|---|---|---|\n");
    }
    for (RecordComponent key : keys) {
      row(key, defaults, prefix);
    }
    for (RecordComponent component : type.getRecordComponents()) {
      nested(component.getGenericType(), ConfigRecords.componentOf(defaults, component))
          .ifPresent(
              group ->
                  table(group.type(), group.defaults(), join(prefix, component) + group.suffix()));
    }
  }

  private void row(RecordComponent key, Object defaults, String prefix) {
    ConfigDescription about = key.getAnnotation(ConfigDescription.class);
    text.append("| `")
        .append(join(prefix, key))
        .append("` | ")
        .append(typeText(key.getGenericType()))
        .append(" | ")
        .append(defaultText(key, defaults))
        .append(" | ")
        .append(about == null ? "" : about.value().replace("|", "\\|"))
        .append(" |\n");
  }

  private record Group(Class<?> type, Object defaults, String suffix) {}

  private static Optional<Group> nested(Type type, Object value) {
    if (type instanceof Class<?> raw && raw.isRecord()) {
      return Optional.of(new Group(raw, value == null ? ConfigRecords.defaultsOf(raw) : value, ""));
    }
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      if (arguments[arguments.length - 1] instanceof Class<?> item && item.isRecord()) {
        Object raw = generic.getRawType();
        String suffix = raw == List.class ? "[]" : raw == Map.class ? ".NAME" : "";
        return Optional.of(new Group(item, ConfigRecords.defaultsOf(item), suffix));
      }
    }
    return Optional.empty();
  }

  private static String typeText(Type type) {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      String item = typeText(arguments[arguments.length - 1]);
      if (generic.getRawType() == Optional.class) {
        return item + ", optional";
      }
      return generic.getRawType() == List.class ? "list of: " + item : "map to: " + item;
    }
    Class<?> raw = (Class<?>) type;
    if (raw.isRecord()) {
      return "group of keys";
    }
    if (raw.isSealed()) {
      return "one of "
          + String.join(
              ", ",
              Arrays.stream(raw.getPermittedSubclasses()).map(RecordBinder::variantName).toList());
    }
    return ScalarParser.allowed(raw);
  }

  private static String defaultText(RecordComponent key, Object defaults) {
    Object value = ConfigRecords.componentOf(defaults, key);
    Object given = value instanceof Optional<?> optional ? optional.orElse(null) : value;
    if (given == null) {
      return defaults != null || key.getType() == Optional.class ? "" : "required";
    }
    try {
      Object plain = ConfigTree.plain(given, key.getType());
      return "`" + (plain instanceof String word ? word : JSON.writeValueAsString(plain)) + "`";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A configuration tree holds only plain values", e);
    }
  }

  private static String join(String prefix, RecordComponent component) {
    String key = Names.key(component);
    return prefix.isEmpty() ? key : prefix + "." + key;
  }
}
