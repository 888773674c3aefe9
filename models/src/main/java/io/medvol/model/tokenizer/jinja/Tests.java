package io.medvol.model.tokenizer.jinja;

import java.util.List;
import java.util.Map;

/** What may stand behind {@code is}. */
final class Tests {
  private Tests() {}

  static boolean apply(String name, Object value, List<Object> arguments, Budget budget) {
    return switch (name) {
      case "defined" -> !(value instanceof Undefined);
      case "undefined" -> value instanceof Undefined;
      case "none" -> value == null;
      case "string" -> value instanceof String;
      case "mapping" -> value instanceof Map;
      case "number" -> Values.isNumeric(value);
      case "integer" -> value instanceof Long;
      case "float" -> value instanceof Double;
      case "boolean" -> value instanceof Boolean;
      case "true" -> Boolean.TRUE.equals(value);
      case "false" -> Boolean.FALSE.equals(value);
      case "callable" -> value instanceof Callable;
      case "iterable" -> isIterable(value) || value instanceof Undefined;
      case "sequence" -> isIterable(value);
      case "odd" -> Values.integer(value) % 2 != 0;
      case "even" -> Values.integer(value) % 2 == 0;
      case "divisibleby" -> Math.floorMod(Values.integer(value), divisor(arguments)) == 0;
      case "equalto", "eq", "==" -> Values.equal(value, first(name, arguments), budget);
      case "ne", "!=" -> !Values.equal(value, first(name, arguments), budget);
      case "in" -> Values.contains(first(name, arguments), value, budget);
      default -> throw new TemplateFault("the test \"" + name + "\" is not supported");
    };
  }

  private static long divisor(List<Object> arguments) {
    long divisor = Values.integer(first("divisibleby", arguments));
    if (divisor == 0) {
      throw new TemplateFault("nothing is divisible by 0");
    }
    return divisor;
  }

  private static boolean isIterable(Object value) {
    return value instanceof String || value instanceof List || value instanceof Map;
  }

  private static Object first(String name, List<Object> arguments) {
    if (arguments.isEmpty()) {
      throw new TemplateFault("the test \"" + name + "\" lacks its argument");
    }
    return arguments.get(0);
  }
}
