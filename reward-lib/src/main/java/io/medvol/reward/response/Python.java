package io.medvol.reward.response;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/**
 * Conversions of Python's {@code int}, {@code float} and {@code str.strip}, which the released code
 * leaves to whatever the policy writes.
 */
final class Python {
  private static final int MAX_DIGITS = 4300;

  /** A longer text is taken for no number, which bounds what a hostile completion costs. */
  private static final int MAX_TEXT = 20_000;

  private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]+");
  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?(?:[0-9]++\\.?[0-9]*+|\\.[0-9]++)(?:[eE][+-]?[0-9]++)?");
  private static final Pattern INFINITY =
      Pattern.compile("[+-]?[iI][nN][fF](?:[iI][nN][iI][tT][yY])?");
  private static final Pattern NAN = Pattern.compile("[+-]?[nN][aA][nN]");

  private Python() {}

  /** {@code str.isspace} of one character, which is {@code \s} of a pattern too. */
  static boolean isSpace(char c) {
    return (c >= 0x09 && c <= 0x0d)
        || (c >= 0x1c && c <= 0x20)
        || c == 0x85
        || c == 0xa0
        || c == 0x1680
        || (c >= 0x2000 && c <= 0x200a)
        || c == 0x2028
        || c == 0x2029
        || c == 0x202f
        || c == 0x205f
        || c == 0x3000;
  }

  static String strip(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && isSpace(text.charAt(from))) {
      from++;
    }
    while (to > from && isSpace(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  /** {@code int(value)}; empty where it raises. */
  static Optional<BigInteger> toInt(Json value) {
    if (value == Json.Constant.TRUE) {
      return Optional.of(BigInteger.ONE);
    }
    if (value == Json.Constant.FALSE) {
      return Optional.of(BigInteger.ZERO);
    }
    if (value instanceof Json.NumberValue number) {
      if (number.integer()) {
        return Optional.of(new BigInteger(number.literal()));
      }
      double real = real(number.literal());
      return Double.isFinite(real)
          ? Optional.of(new BigDecimal(real).toBigInteger())
          : Optional.empty();
    }
    if (value instanceof Json.StringValue string) {
      String digits = plain(string.value());
      boolean valid = INTEGER.matcher(digits).matches() && digits.length() <= MAX_DIGITS;
      return valid ? Optional.of(new BigInteger(digits)) : Optional.empty();
    }
    return Optional.empty();
  }

  /** {@code float(value)}, NaN and infinities included; empty where it raises. */
  static OptionalDouble toFloat(Json value) {
    if (value == Json.Constant.TRUE) {
      return OptionalDouble.of(1);
    }
    if (value == Json.Constant.FALSE) {
      return OptionalDouble.of(0);
    }
    if (value instanceof Json.NumberValue number) {
      double real = real(number.literal());
      // A whole number too large for a double raises; a literal with an exponent is infinite.
      return number.integer() && Double.isInfinite(real)
          ? OptionalDouble.empty()
          : OptionalDouble.of(real);
    }
    if (value instanceof Json.StringValue string) {
      String text = plain(string.value());
      if (DECIMAL.matcher(text).matches()) {
        return OptionalDouble.of(Double.parseDouble(text));
      }
      if (INFINITY.matcher(text).matches()) {
        return OptionalDouble.of(
            text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
      }
      if (NAN.matcher(text).matches()) {
        return OptionalDouble.of(Double.NaN);
      }
    }
    return OptionalDouble.empty();
  }

  /** {@code NaN}, {@code Infinity} and every JSON number are also what Java reads. */
  private static double real(String literal) {
    return Double.parseDouble(literal);
  }

  /**
   * Digits of every script as ASCII, without the white space around and without underscores between
   * digits; something that is no number where that cannot be done.
   */
  private static String plain(String text) {
    if (text.length() > MAX_TEXT) {
      return "";
    }
    StringBuilder plain = new StringBuilder(text.length());
    int previous = ' ';
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      int digit = Character.digit(c, 10);
      if (digit >= 0) {
        c = '0' + digit;
      } else if (c < 0x10000 && isSpace((char) c) && (c < 0x1c || c > 0x1f)) {
        c = ' ';
      }
      if (previous == '_' && digit < 0) {
        return "";
      }
      if (c == '_') {
        if (previous < '0' || previous > '9') {
          return "";
        }
      } else {
        plain.appendCodePoint(c);
      }
      previous = c;
    }
    if (previous == '_') {
      return "";
    }
    int from = 0;
    int to = plain.length();
    while (from < to && plain.charAt(from) == ' ') {
      from++;
    }
    while (to > from && plain.charAt(to - 1) == ' ') {
      to--;
    }
    return plain.substring(from, to);
  }
}
