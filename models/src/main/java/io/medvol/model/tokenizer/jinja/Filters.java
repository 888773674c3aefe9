package io.medvol.model.tokenizer.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What may stand behind a bar. */
final class Filters {
  private Filters() {}

  static Object apply(
      String name, Object value, List<Object> positional, Map<String, Object> named) {
    return switch (name) {
      case "tojson" -> JsonText.of(value, argument(positional, named, 0, "indent", null));
      case "trim" -> Methods.strip(Values.text(value), positional, true, true);
      case "length", "count" -> Values.length(value);
      case "upper" -> Values.text(value).toUpperCase(Locale.ROOT);
      case "lower" -> Values.text(value).toLowerCase(Locale.ROOT);
      case "capitalize" -> Methods.capitalized(Values.text(value));
      case "title" -> Methods.title(Values.text(value));
      case "string", "safe" -> Values.text(value);
      case "int" -> integer(value, positional, named);
      case "abs" ->
          value instanceof Long number ? Math.absExact(number) : Math.abs(Values.number(value));
      case "list" -> Values.items(value);
      case "first" -> edge(value, 0);
      case "last" -> edge(value, -1);
      case "reverse" -> Slices.of(value, null, null, -1L);
      case "items" -> value instanceof Undefined ? List.of() : Methods.entries(mapping(value));
      case "join" -> join(value, positional, named);
      case "replace" ->
          Values.text(value)
              .replace(
                  Values.text(argument(positional, named, 0, "old", "")),
                  Values.text(argument(positional, named, 1, "new", "")));
      case "default", "d" -> otherwise(value, positional, named);
      case "map" -> map(value, positional, named);
      case "selectattr" -> select(value, positional, true);
      case "rejectattr" -> select(value, positional, false);
      default -> throw new TemplateFault("the filter \"" + name + "\" is not supported");
    };
  }

  private static Object argument(
      List<Object> positional,
      Map<String, Object> named,
      int index,
      String name,
      Object otherwise) {
    return index < positional.size() ? positional.get(index) : named.getOrDefault(name, otherwise);
  }

  private static Object otherwise(
      Object value, List<Object> positional, Map<String, Object> named) {
    boolean replacesFalse = Values.truth(argument(positional, named, 1, "boolean", false));
    boolean missing = value instanceof Undefined || (replacesFalse && !Values.truth(value));
    return missing ? argument(positional, named, 0, "default_value", "") : value;
  }

  private static Object integer(Object value, List<Object> positional, Map<String, Object> named) {
    if (Values.isNumeric(value)) {
      return value instanceof Long ? value : (Object) (long) Values.number(value);
    }
    try {
      return Long.parseLong(Values.text(value).strip());
    } catch (NumberFormatException e) {
      return argument(positional, named, 0, "default", 0L);
    }
  }

  private static Object edge(Object value, int index) {
    List<Object> items = Values.items(value);
    return items.isEmpty()
        ? new Undefined("an item of an empty list")
        : items.get(index < 0 ? items.size() - 1 : index);
  }

  private static Object join(Object value, List<Object> positional, Map<String, Object> named) {
    String separator = Values.text(argument(positional, named, 0, "d", ""));
    List<String> texts = Values.items(value).stream().map(Values::text).toList();
    return String.join(separator, texts);
  }

  private static Object map(Object value, List<Object> positional, Map<String, Object> named) {
    List<Object> mapped = new ArrayList<>();
    for (Object item : Values.items(value)) {
      if (named.containsKey("attribute")) {
        mapped.add(Values.subscript(item, named.get("attribute")));
      } else {
        String filter = Values.string(argument(positional, named, 0, "filter", null));
        List<Object> rest = positional.subList(1, positional.size());
        mapped.add(apply(filter, item, rest, Collections.emptyMap()));
      }
    }
    return mapped;
  }

  private static Object select(Object value, List<Object> positional, boolean keepsMatches) {
    Object attribute = argument(positional, Map.of(), 0, "", "");
    List<Object> kept = new ArrayList<>();
    for (Object item : Values.items(value)) {
      Object seen = Values.subscript(item, attribute);
      boolean matches =
          positional.size() < 2
              ? Values.truth(seen)
              : Tests.apply(
                  Values.string(positional.get(1)), seen, positional.subList(2, positional.size()));
      if (matches == keepsMatches) {
        kept.add(item);
      }
    }
    return kept;
  }

  private static Map<?, ?> mapping(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw new TemplateFault("a " + Values.kind(value) + " is not a mapping");
  }
}
