package io.medvol.model.tokenizer.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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
      case "items" -> call -> entries(map, call.budget());
      case "keys" -> call -> Values.items(map, call.budget());
      case "values" ->
          call -> {
            call.budget().items(map.size());
            return new ArrayList<Object>(map.values());
          };
      case "get" ->
          call -> {
            Object key = call.require(0);
            return Values.hasKey(map, key)
                ? map.get(key)
                : call.positional().size() > 1 ? call.positional().get(1) : null;
          };
      default -> null;
    };
  }

  /** The pairs of key and value, each as a list. */
  static List<Object> entries(Map<?, ?> map, Budget budget) {
    budget.entries(map.size());
    List<Object> entries = new ArrayList<>();
    map.forEach(
        (key, item) -> {
          List<Object> pair = new ArrayList<>(2);
          pair.add(key);
          pair.add(item);
          entries.add(pair);
        });
    return entries;
  }

  private static Callable ofText(String text, String name) {
    return switch (name) {
      case "strip" -> call -> Texts.strip(text, call, true, true);
      case "lstrip" -> call -> Texts.strip(text, call, true, false);
      case "rstrip" -> call -> Texts.strip(text, call, false, true);
      case "upper" -> call -> Texts.upper(text, call.budget());
      case "lower" -> call -> Texts.lower(text, call.budget());
      case "capitalize" -> call -> Texts.capitalized(text, call.budget());
      case "title" -> call -> Texts.title(text, call.budget());
      case "startswith" -> call -> begins(text, call);
      case "endswith" -> call -> ends(text, call);
      case "replace" -> call -> Texts.replace(text, call.text(0), call.text(1), call.budget());
      case "split" -> call -> split(text, call);
      case "splitlines" -> call -> Texts.lines(text, call.budget());
      case "find" -> call -> (long) Texts.find(text, call.text(0), 0, call.budget());
      case "count" -> call -> Texts.count(text, call.text(0), call.budget());
      default -> null;
    };
  }

  private static boolean begins(String text, Call call) {
    for (Object choice : choices(call)) {
      call.budget().read(Values.string(choice).length() + 1L);
      if (text.startsWith(Values.string(choice))) {
        return true;
      }
    }
    return false;
  }

  private static boolean ends(String text, Call call) {
    for (Object choice : choices(call)) {
      call.budget().read(Values.string(choice).length() + 1L);
      if (text.endsWith(Values.string(choice))) {
        return true;
      }
    }
    return false;
  }

  private static List<?> choices(Call call) {
    return call.require(0) instanceof List<?> list ? list : List.of(call.text(0));
  }

  private static List<Object> split(String text, Call call) {
    Object separator = call.get(0, "sep", null);
    if (separator == null) {
      return Texts.words(text, call.budget());
    }
    if (Values.string(separator).isEmpty()) {
      throw new TemplateFault("split takes a separator that is not empty");
    }
    long most = Values.integer(call.get(1, "maxsplit", -1L));
    return Texts.split(text, Values.string(separator), most, call.budget());
  }
}
