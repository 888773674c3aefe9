package io.medvol.model.tokenizer.jinja;

import java.util.ArrayList;
import java.util.List;

/** Python's arithmetic operators on what templates calculate with. */
final class Arithmetic {
  private Arithmetic() {}

  static Object apply(String operator, Object left, Object right, Budget budget) {
    if (left instanceof Undefined undefined) {
      throw undefined.fault();
    }
    if (right instanceof Undefined undefined) {
      throw undefined.fault();
    }
    if (operator.equals("+") && left instanceof String first && right instanceof String second) {
      return new Output(budget).add(first).add(second).toString();
    }
    if (operator.equals("+") && left instanceof List<?> first && right instanceof List<?> second) {
      budget.items((long) first.size() + second.size());
      List<Object> joined = new ArrayList<>(first);
      joined.addAll(second);
      return joined;
    }
    if (operator.equals("*") && left instanceof String text && right instanceof Long times) {
      return new Output(budget).repeat(text, times).toString();
    }
    if (!Values.isNumeric(left) || !Values.isNumeric(right)) {
      throw new TemplateFault(
          operator + " does not apply to a " + Values.kind(left) + " and a " + Values.kind(right));
    }
    try {
      return left instanceof Double || right instanceof Double || operator.equals("/")
          ? ofDecimals(operator, Values.number(left), Values.number(right))
          : ofIntegers(operator, Values.integer(left), Values.integer(right));
    } catch (ArithmeticException e) {
      throw new TemplateFault(left + " " + operator + " " + right + " has no result");
    }
  }

  private static Object ofIntegers(String operator, long left, long right) {
    return switch (operator) {
      case "+" -> Math.addExact(left, right);
      case "-" -> Math.subtractExact(left, right);
      case "*" -> Math.multiplyExact(left, right);
      case "//" -> Math.floorDiv(left, right);
      case "%" -> Math.floorMod(left, right);
      default -> power(left, right);
    };
  }

  private static Object power(long base, long exponent) {
    if (exponent < 0) {
      return Math.pow(base, exponent);
    }
    if (exponent > Long.SIZE && Math.abs(base) > 1) {
      throw new ArithmeticException("too large");
    }
    long result = 1;
    for (long i = 0; i < Math.min(exponent, Long.SIZE + (exponent & 1)); i++) {
      result = Math.multiplyExact(result, base);
    }
    return result;
  }

  private static Object ofDecimals(String operator, double left, double right) {
    if (right == 0 && (operator.equals("/") || operator.equals("//") || operator.equals("%"))) {
      throw new ArithmeticException("division by zero");
    }
    return switch (operator) {
      case "+" -> left + right;
      case "-" -> left - right;
      case "*" -> left * right;
      case "/" -> left / right;
      case "//" -> Math.floor(left / right);
      case "%" -> left - Math.floor(left / right) * right;
      default -> Math.pow(left, right);
    };
  }
}
