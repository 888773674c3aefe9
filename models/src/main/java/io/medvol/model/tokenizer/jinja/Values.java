package io.medvol.model.tokenizer.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Python's view of a value: {@code null}, {@link Boolean}, {@link Long}, {@link Double}, {@link
 * String}, {@link List}, {@link Map}, {@link Namespace}, {@link Loop.State}, {@link Callable} or
 * {@link Undefined}. Lists and mappings do not change once they are made.
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
  static String text(Object value, Budget budget) {
    if (value instanceof String text) {
      return text;
    }
    if (value instanceof Undefined) {
      return "";
    }
    Output out = new Output(budget);
    PythonText.write(value, out);
    return out.toString();
  }

  static String kind(Object value) {
    if (value == null) {
      return "none";
    }
    if (value instanceof Undefined undefined) {
      return "undefined value ('" + undefined.name() + "')";
    }
    if (value instanceof Callable) {
      return "function";
    }
    if (value instanceof List) {
      return "list";
    }
    return value instanceof Map
        ? "mapping"
        : value.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  static boolean equal(Object left, Object right, Budget budget) {
    budget.step();
    if (isNumeric(left) && isNumeric(right)) {
      return number(left) == number(right);
    }
    if (left instanceof String first && right instanceof String second) {
      budget.read(first.length() == second.length() ? first.length() : 1);
      return first.equals(second);
    }
    if (left instanceof Undefined && right instanceof Undefined) {
      return true;
    }
    if (left instanceof List<?> first && right instanceof List<?> second) {
      return equalLists(first, second, budget);
    }
    if (left instanceof Map<?, ?> first && right instanceof Map<?, ?> second) {
      return equalMaps(first, second, budget);
    }
    return left == right;
  }

  private static boolean equalLists(List<?> left, List<?> right, Budget budget) {
    boolean same = left.size() == right.size();
    budget.enter();
    for (int i = 0; same && i < left.size(); i++) {
      same = equal(left.get(i), right.get(i), budget);
    }
    budget.leave();
    return same;
  }

  private static boolean equalMaps(Map<?, ?> left, Map<?, ?> right, Budget budget) {
    boolean same = left.size() == right.size();
    budget.enter();
    for (Map.Entry<?, ?> entry : left.entrySet()) {
      same =
          same
              && right.containsKey(entry.getKey())
              && equal(entry.getValue(), right.get(entry.getKey()), budget);
    }
    budget.leave();
    return same;
  }

  static int compare(Object left, Object right, Budget budget) {
    if (isNumeric(left) && isNumeric(right)) {
      return Double.compare(number(left), number(right));
    }
    if (left instanceof String first && right instanceof String second) {
      budget.read(Math.min(first.length(), second.length()));
      return first.compareTo(second);
    }
    throw new TemplateFault("a " + kind(left) + " and a " + kind(right) + " have no order");
  }

  static boolean contains(Object container, Object item, Budget budget) {
    if (container instanceof String text) {
      if (item instanceof String part) {
        return Texts.find(text, part, 0, budget) >= 0;
      }
      throw new TemplateFault("a text cannot contain a " + kind(item));
    }
    if (container instanceof Map<?, ?> map) {
      return hasKey(map, item);
    }
    if (container instanceof List<?> list) {
      return list.stream().anyMatch(element -> equal(element, item, budget));
    }
    if (container instanceof Undefined) {
      return false;
    }
    throw new TemplateFault("a " + kind(container) + " has no members to look through");
  }

  /** Keys are texts; anything else is no key, and a list is never asked for its hash. */
  static boolean hasKey(Map<?, ?> map, Object key) {
    return key instanceof String && map.containsKey(key);
  }

  /** The members of a list, the keys of a mapping, the characters of a text; not to be changed. */
  @SuppressWarnings("unchecked") // The interpreter's lists hold any of its values.
  static List<Object> items(Object value, Budget budget) {
    if (value instanceof List<?> list) {
      return (List<Object>) list;
    }
    if (value instanceof Map<?, ?> map) {
      budget.items(map.size());
      return new ArrayList<>(map.keySet());
    }
    if (value instanceof String text) {
      budget.entries(text.length());
      List<Object> characters = new ArrayList<>();
      text.codePoints().forEach(code -> characters.add(Character.toString(code)));
      return characters;
    }
    if (value instanceof Undefined) {
      return List.of();
    }
    throw new TemplateFault("a " + kind(value) + " cannot be iterated");
  }

  static long length(Object value, Budget budget) {
    if (value instanceof String text) {
      budget.read(text.length());
      return text.codePointCount(0, text.length());
    }
    return value instanceof Map<?, ?> map ? map.size() : items(value, budget).size();
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
    if (value instanceof Loop.State loop) {
      return loop.attribute(name);
    }
    if (value instanceof Undefined undefined) {
      throw undefined.fault();
    }
    return new Undefined(name);
  }

  /** {@code value[key]}. */
  static Object subscript(Object value, Object key, Budget budget) {
    if (value instanceof Map<?, ?> map && hasKey(map, key)) {
      return map.get(key);
    }
    if (value instanceof List<?> list && key instanceof Long index) {
      long at = index < 0 ? index + list.size() : index;
      return at >= 0 && at < list.size() ? list.get((int) at) : new Undefined(index.toString());
    }
    if (value instanceof String text && key instanceof Long index) {
      long size = length(text, budget);
      long at = index < 0 ? index + size : index;
      return at >= 0 && at < size
          ? Character.toString(text.codePointAt(text.offsetByCodePoints(0, (int) at)))
          : new Undefined(index.toString());
    }
    return attribute(value, text(key, budget));
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
