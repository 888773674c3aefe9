package io.medvol.model.tokenizer.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Python's view of a value: {@code null}, {@link Boolean}, {@link Long}, {@link Double}, {@link
 * String}, {@link List}, {@link Map}, {@link Namespace}, {@link Callable} or {@link Undefined}.
 */
final class Values {
  private Values() {}

  /** A caller's value as the interpreter holds it. */
  static Object imported(Object value) {
    if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
      return ((Number) value).longValue();
    }
    if (value instanceof Float number) {
      return number.doubleValue();
    }
    if (value instanceof List<?> list) {
      List<Object> items = new ArrayList<>();
      list.forEach(item -> items.add(imported(item)));
      return items;
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> entries = new LinkedHashMap<>();
      map.forEach((key, item) -> entries.put((String) key, imported(item)));
      return entries;
    }
    if (value == null
        || value instanceof Boolean
        || value instanceof Long
        || value instanceof Double
        || value instanceof String) {
      return value;
    }
    throw new IllegalArgumentException("A template cannot use a " + value.getClass().getName());
  }

  static boolean truth(Object value) {
    if (value == null || value instanceof Undefined) {
      return false;
    }
    if (value instanceof Boolean flag) {
      return flag;
    }
    if (value instanceof Number number) {
      return number.doubleValue() != 0;
    }
    if (value instanceof String text) {
      return !text.isEmpty();
    }
    if (value instanceof List<?> list) {
      return !list.isEmpty();
    }
    return !(value instanceof Map<?, ?> map) || !map.isEmpty();
  }

  /** What printing the value shows. */
  static String text(Object value) {
    if (value instanceof String text) {
      return text;
    }
    return value instanceof Undefined ? "" : representation(value);
  }

  private static String representation(Object value) {
    if (value == null) {
      return "None";
    }
    if (value instanceof Boolean flag) {
      return flag ? "True" : "False";
    }
    if (value instanceof String text) {
      String quote = text.contains("'") && !text.contains("\"") ? "\"" : "'";
      String escaped = text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t");
      return quote + (quote.equals("'") ? escaped.replace("'", "\\'") : escaped) + quote;
    }
    if (value instanceof List<?> list) {
      List<String> items = list.stream().map(Values::representation).toList();
      return "[" + String.join(", ", items) + "]";
    }
    if (value instanceof Map<?, ?> map) {
      List<String> entries = new ArrayList<>();
      map.forEach((key, item) -> entries.add(representation(key) + ": " + representation(item)));
      return "{" + String.join(", ", entries) + "}";
    }
    if (value instanceof Long || value instanceof Double) {
      return value.toString();
    }
    throw new TemplateFault("a " + kind(value) + " cannot be printed");
  }

  static String kind(Object value) {
    if (value == null) {
      return "none";
    }
    if (value instanceof Undefined undefined) {
      return "undefined value ('" + undefined.name() + "')";
    }
    return value instanceof Map
        ? "mapping"
        : value.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  static boolean equal(Object left, Object right) {
    if (isNumeric(left) && isNumeric(right)) {
      return number(left) == number(right);
    }
    if (left instanceof List<?> first && right instanceof List<?> second) {
      if (first.size() != second.size()) {
        return false;
      }
      for (int i = 0; i < first.size(); i++) {
        if (!equal(first.get(i), second.get(i))) {
          return false;
        }
      }
      return true;
    }
    if (left instanceof Undefined && right instanceof Undefined) {
      return true;
    }
    return Objects.equals(left, right);
  }

  static int compare(Object left, Object right) {
    if (isNumeric(left) && isNumeric(right)) {
      return Double.compare(number(left), number(right));
    }
    if (left instanceof String first && right instanceof String second) {
      return first.compareTo(second);
    }
    throw new TemplateFault("a " + kind(left) + " and a " + kind(right) + " have no order");
  }

  static boolean contains(Object container, Object item) {
    if (container instanceof String text) {
      if (item instanceof String part) {
        return text.contains(part);
      }
      throw new TemplateFault("a text cannot contain a " + kind(item));
    }
    if (container instanceof Map<?, ?> map) {
      return map.containsKey(item);
    }
    if (container instanceof List<?> list) {
      return list.stream().anyMatch(element -> equal(element, item));
    }
    if (container instanceof Undefined) {
      return false;
    }
    throw new TemplateFault("a " + kind(container) + " has no members to look through");
  }

  /** The members of a list, the keys of a mapping, the characters of a text. */
  static List<Object> items(Object value) {
    if (value instanceof List<?> list) {
      return new ArrayList<>(list);
    }
    if (value instanceof Map<?, ?> map) {
      return new ArrayList<>(map.keySet());
    }
    if (value instanceof String text) {
      List<Object> characters = new ArrayList<>();
      text.codePoints().forEach(code -> characters.add(Character.toString(code)));
      return characters;
    }
    if (value instanceof Undefined) {
      return List.of();
    }
    throw new TemplateFault("a " + kind(value) + " cannot be iterated");
  }

  static long length(Object value) {
    return value instanceof String text
        ? text.codePointCount(0, text.length())
        : items(value).size();
  }

  /** {@code value.name}. */
  static Object attribute(Object value, String name) {
    Callable method = Methods.find(value, name);
    if (method != null) {
      return method;
    }
    if (value instanceof Map<?, ?> map && map.containsKey(name)) {
      return map.get(name);
    }
    if (value instanceof Namespace namespace && namespace.attributes().containsKey(name)) {
      return namespace.attributes().get(name);
    }
    if (value instanceof Undefined undefined) {
      throw undefined.fault();
    }
    return new Undefined(name);
  }

  /** {@code value[key]}. */
  static Object subscript(Object value, Object key) {
    if (value instanceof Map<?, ?> map && map.containsKey(key)) {
      return map.get(key);
    }
    if ((value instanceof List || value instanceof String) && key instanceof Long index) {
      List<Object> items = items(value);
      long at = index < 0 ? index + items.size() : index;
      return at >= 0 && at < items.size() ? items.get((int) at) : new Undefined(text(key));
    }
    return attribute(value, text(key));
  }

  static boolean isNumeric(Object value) {
    return value instanceof Number || value instanceof Boolean;
  }

  static double number(Object value) {
    if (value instanceof Boolean flag) {
      return flag ? 1 : 0;
    }
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw new TemplateFault("a " + kind(value) + " is not a number");
  }

  static long integer(Object value) {
    if (value instanceof Boolean flag) {
      return flag ? 1 : 0;
    }
    if (value instanceof Long number) {
      return number;
    }
    throw new TemplateFault("a " + kind(value) + " is not an integer");
  }

  static String string(Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw new TemplateFault("a " + kind(value) + " is not a text");
  }
}
