package io.medvol.model.tokenizer.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The methods of Python's texts and mappings that templates call. */
final class Methods {
  private Methods() {}

  /** The method bound to the value, or {@code null} if the value has none of this name. */
  static Callable find(Object value, String name) {
    if (value instanceof String text) {
      return ofText(text, name);
    }
    if (value instanceof Map<?, ?> map) {
      return ofMapping(map, name);
    }
    return null;
  }

  private static Callable ofMapping(Map<?, ?> map, String name) {
    return switch (name) {
      case "items" -> (positional, named) -> entries(map);
      case "keys" -> (positional, named) -> new ArrayList<Object>(map.keySet());
      case "values" -> (positional, named) -> new ArrayList<Object>(map.values());
      case "get" ->
          (positional, named) -> {
            Object key = argument(positional, 0, name);
            return map.containsKey(key)
                ? map.get(key)
                : positional.size() > 1 ? positional.get(1) : null;
          };
      default -> null;
    };
  }

  static List<Object> entries(Map<?, ?> map) {
    List<Object> entries = new ArrayList<>();
    map.forEach(
        (key, item) -> {
          List<Object> pair = new ArrayList<>();
          pair.add(key);
          pair.add(item);
          entries.add(pair);
        });
    return entries;
  }

  private static Callable ofText(String text, String name) {
    return switch (name) {
      case "strip" -> (positional, named) -> strip(text, positional, true, true);
      case "lstrip" -> (positional, named) -> strip(text, positional, true, false);
      case "rstrip" -> (positional, named) -> strip(text, positional, false, true);
      case "upper" -> (positional, named) -> text.toUpperCase(Locale.ROOT);
      case "lower" -> (positional, named) -> text.toLowerCase(Locale.ROOT);
      case "capitalize" -> (positional, named) -> capitalized(text);
      case "title" -> (positional, named) -> title(text);
      case "startswith" -> (positional, named) -> anyOf(positional, name, text::startsWith);
      case "endswith" -> (positional, named) -> anyOf(positional, name, text::endsWith);
      case "replace" ->
          (positional, named) ->
              text.replace(
                  Values.string(argument(positional, 0, name)),
                  Values.string(argument(positional, 1, name)));
      case "split" -> (positional, named) -> split(text, positional);
      case "splitlines" -> (positional, named) -> new ArrayList<Object>(text.lines().toList());
      case "find" ->
          (positional, named) -> (long) text.indexOf(Values.string(argument(positional, 0, name)));
      case "count" ->
          (positional, named) ->
              (long)
                      Pattern.compile(Values.string(argument(positional, 0, name)), Pattern.LITERAL)
                          .splitAsStream(text + "\0")
                          .count()
                  - 1;
      default -> null;
    };
  }

  static String capitalized(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = text.offsetByCodePoints(0, 1);
    return text.substring(0, first).toUpperCase(Locale.ROOT)
        + text.substring(first).toLowerCase(Locale.ROOT);
  }

  static String title(String text) {
    return Pattern.compile("\\p{L}+").matcher(text).replaceAll(word -> capitalized(word.group()));
  }

  private static Object anyOf(List<Object> positional, String name, Predicate<String> test) {
    Object argument = argument(positional, 0, name);
    return argument instanceof List<?> choices
        ? choices.stream().map(Values::string).anyMatch(test)
        : test.test(Values.string(argument));
  }

  /** Characters to strip are those of the first argument, else white space. */
  static String strip(String text, List<Object> positional, boolean leading, boolean trailing) {
    String set =
        positional.isEmpty() || positional.get(0) == null ? null : Values.string(positional.get(0));
    int start = 0;
    int end = text.length();
    while (leading && start < end && stripped(text.charAt(start), set)) {
      start++;
    }
    while (trailing && end > start && stripped(text.charAt(end - 1), set)) {
      end--;
    }
    return text.substring(start, end);
  }

  private static boolean stripped(char c, String set) {
    return set == null
        ? Character.isWhitespace(c) || Character.isSpaceChar(c)
        : set.indexOf(c) >= 0;
  }

  private static List<Object> split(String text, List<Object> positional) {
    if (positional.isEmpty() || positional.get(0) == null) {
      String trimmed = strip(text, List.of(), true, true);
      return trimmed.isEmpty()
          ? new ArrayList<>()
          : new ArrayList<>(List.of(trimmed.split("\\s+")));
    }
    String separator = Values.string(positional.get(0));
    if (separator.isEmpty()) {
      throw new TemplateFault("split takes a separator that is not empty");
    }
    long limit = positional.size() > 1 ? Values.integer(positional.get(1)) : -1;
    int parts = limit < 0 || limit >= Integer.MAX_VALUE ? -1 : (int) limit + 1;
    return new ArrayList<>(List.of(text.split(Pattern.quote(separator), parts)));
  }

  private static Object argument(List<Object> positional, int index, String method) {
    if (index >= positional.size()) {
      throw new TemplateFault(method + " lacks its argument " + (index + 1));
    }
    return positional.get(index);
  }
}
