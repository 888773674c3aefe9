package io.medvol.data.config;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns the text of a scalar into a value of the type its key has. */
final class ScalarParser {
  private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9][0-9_]*");
  private static final Pattern DECIMAL =
      Pattern.compile("[-+]?([0-9][0-9_]*\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?");
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,12})(ms|s|m|h|d)");

  private ScalarParser() {}

  static boolean handles(Class<?> type) {
    return type.isPrimitive()
        || type.isEnum()
        || type == String.class
        || type == Duration.class
        || type == Integer.class
        || type == Long.class
        || type == Float.class
        || type == Double.class
        || type == Boolean.class;
  }

  /** What may stand there, for messages and the reference. */
  static String allowed(Class<?> type) {
    if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
      return "a whole number";
    }
    if (type == double.class
        || type == Double.class
        || type == float.class
        || type == Float.class) {
      return "a number";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type == Duration.class) {
      return "a duration such as 500ms, 30s, 5m, 2h or 1d";
    }
    if (type.isEnum()) {
      return "one of "
          + String.join(
              ", ",
              Arrays.stream(type.getEnumConstants()).map(c -> Names.key((Enum<?>) c)).toList());
    }
    return "a text";
  }

  /** Empty where the text is no such value. */
  static Optional<Object> parse(Class<?> type, String text) {
    if (type == String.class) {
      return Optional.of(text);
    }
    if (type.isEnum()) {
      String name = text.toLowerCase(Locale.ROOT).replace('_', '-');
      return Arrays.stream(type.getEnumConstants())
          .filter(constant -> Names.key((Enum<?>) constant).equals(name))
          .map(Object.class::cast)
          .findFirst();
    }
    if (type == boolean.class || type == Boolean.class) {
      return switch (text.toLowerCase(Locale.ROOT)) {
        case "true" -> Optional.of(true);
        case "false" -> Optional.of(false);
        default -> Optional.empty();
      };
    }
    if (type == Duration.class) {
      return duration(text);
    }
    return number(type, text);
  }

  private static Optional<Object> number(Class<?> type, String text) {
    String digits = text.replace("_", "");
    if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
      // Forty digits are beyond every long; the bound keeps a hostile text from costing time.
      if (digits.length() > 40 || !INTEGER.matcher(text).matches()) {
        return Optional.empty();
      }
      BigInteger value = new BigInteger(digits);
      boolean isInt = type == int.class || type == Integer.class;
      if (value.bitLength() > (isInt ? 31 : 63)) {
        return Optional.empty();
      }
      return Optional.of(isInt ? (Object) value.intValue() : (Object) value.longValue());
    }
    if (digits.length() > 400 || !DECIMAL.matcher(text).matches()) {
      return Optional.empty();
    }
    double value = Double.parseDouble(digits);
    boolean isFloat = type == float.class || type == Float.class;
    if (!Double.isFinite(value) || (isFloat && !Float.isFinite((float) value))) {
      return Optional.empty();
    }
    return Optional.of(isFloat ? (Object) (float) value : (Object) value);
  }

  private static Optional<Object> duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long amount = Long.parseLong(matcher.group(1));
    return Optional.of(
        switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(amount);
          case "s" -> Duration.ofSeconds(amount);
          case "m" -> Duration.ofMinutes(amount);
          case "h" -> Duration.ofHours(amount);
          default -> Duration.ofDays(amount);
        });
  }
}
