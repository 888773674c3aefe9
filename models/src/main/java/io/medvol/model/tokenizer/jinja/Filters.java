package io.medvol.model.tokenizer.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What may stand behind a bar. */
final class Filters {
  private Filters() {}

  static Object apply(Object value, Call call) {
    Budget budget = call.budget();
    return switch (call.name()) {
      case "tojson" -> JsonText.of(value, call.get(0, "indent", null), budget);
      case "trim" -> Texts.strip(Values.text(value, budget), call, true, true);
      case "length", "count" -> Values.length(value, budget);
      case "upper" -> Texts.upper(Values.text(value, budget), budget);
      case "lower" -> Texts.lower(Values.text(value, budget), budget);
      case "capitalize" -> Texts.capitalized(Values.text(value, budget), budget);
      case "title" -> Texts.title(Values.text(value, budget), budget);
      case "string", "safe" -> Values.text(value, budget);
      case "int" -> integer(value, call);
      case "abs" -> absolute(value);
      case "list" -> Values.items(value, budget);
      case "first" -> edge(Values.items(value, budget), 0);
      case "last" -> edge(Values.items(value, budget), -1);
      case "reverse" -> Slices.of(value, null, null, -1L, budget);
      case "items" ->
          value instanceof Undefined ? List.of() : Methods.entries(mapping(value), budget);
      case "join" -> join(value, call);
      case "replace" ->
          Texts.replace(
              Values.text(value, budget),
              Values.text(call.get(0, "old", ""), budget),
              Values.text(call.get(1, "new", ""), budget),
              budget);
      case "default", "d" -> otherwise(value, call);
      case "map" -> map(value, call);
      case "selectattr" -> select(value, call, true);
      case "rejectattr" -> select(value, call, false);
      default -> throw new TemplateFault("the filter \"" + call.name() + "\" is not supported");
    };
  }

  private static Object otherwise(Object value, Call call) {
    boolean replacesFalse = Values.truth(call.get(1, "boolean", false));
    boolean missing = value instanceof Undefined || (replacesFalse && !Values.truth(value));
    return missing ? call.get(0, "default_value", "") : value;
  }

  private static Object absolute(Object value) {
    if (value instanceof Long number && number != Long.MIN_VALUE) {
      return Math.abs(number);
    }
    return Math.abs(Values.number(value));
  }

  private static Object integer(Object value, Call call) {
    if (Values.isNumeric(value)) {
      return value instanceof Long ? value : (Object) (long) Values.number(value);
    }
    try {
      return Long.parseLong(
          Texts.strip(Values.text(value, call.budget()), true, true, call.budget()));
    } catch (NumberFormatException e) {
      return call.get(0, "default", 0L);
    }
  }

  private static Object edge(List<Object> items, int index) {
    return items.isEmpty()
        ? new Undefined("an item of an empty list")
        : items.get(index < 0 ? items.size() - 1 : index);
  }

  private static Object join(Object value, Call call) {
    Budget budget = call.budget();
    String separator = Values.text(call.get(0, "d", ""), budget);
    Output joined = new Output(budget);
    String between = "";
    for (Object item : Values.items(value, budget)) {
      budget.step();
      joined.add(between).add(Values.text(item, budget));
      between = separator;
    }
    return joined.toString();
  }

  private static Object map(Object value, Call call) {
    Budget budget = call.budget();
    Object attribute = call.named().get("attribute");
    List<Object> mapped = new ArrayList<>();
    budget.enter();
    for (Object item : Values.items(value, budget)) {
      budget.step();
      budget.items(1);
      mapped.add(
          attribute == null
              ? apply(item, call.rest(Values.string(call.get(0, "filter", null))))
              : Values.subscript(item, attribute, budget));
    }
    budget.leave();
    return mapped;
  }

  private static Object select(Object value, Call call, boolean keepsMatches) {
    Budget budget = call.budget();
    Object attribute = call.get(0, "attribute", "");
    List<Object> positional = call.positional();
    List<Object> kept = new ArrayList<>();
    for (Object item : Values.items(value, budget)) {
      budget.step();
      Object seen = Values.subscript(item, attribute, budget);
      boolean matches =
          positional.size() < 2
              ? Values.truth(seen)
              : Tests.apply(
                  Values.string(positional.get(1)),
                  seen,
                  positional.subList(2, positional.size()),
                  budget);
      if (matches == keepsMatches) {
        budget.items(1);
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
