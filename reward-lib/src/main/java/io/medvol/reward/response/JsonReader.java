package io.medvol.reward.response;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one JSON value from hostile text in linear time and bounded stack. Not thread-safe: one
 * reader reads one text.
 */
final class JsonReader {
  /** Which texts are JSON. */
  enum Dialect {
    /** RFC 8259, and no key twice in an object. */
    STRICT,
    /**
     * What Python's {@code json.loads} takes: NaN and the infinities too, the last of equal keys,
     * whole numbers of up to 4300 digits.
     */
    PYTHON
  }

  /** Deeper values are refused, as Python's recursion limit does; no answer needs ten levels. */
  private static final int MAX_DEPTH = 900;

  /**
   * A text with more values is refused: it bounds what a hostile completion costs, far above the
   * ten thousand boxes that the longest context could list.
   */
  private static final int MAX_VALUES = 50_000;

  private static final int PYTHON_MAX_DIGITS = 4300;

  private final String text;
  private final Dialect dialect;
  private int at;
  private int values;

  private JsonReader(String text, Dialect dialect) {
    this.text = text;
    this.dialect = dialect;
  }

  /** The value that fills the text, apart from white space around it. */
  static Json read(String text, Dialect dialect) throws UnparsableException {
    JsonReader reader = new JsonReader(text, dialect);
    reader.skipSpace();
    Json value = reader.value(0);
    reader.skipSpace();
    if (reader.at < text.length()) {
      throw reader.unexpected("the end");
    }
    return value;
  }

  private Json value(int depth) throws UnparsableException {
    if (depth > MAX_DEPTH) {
      throw new UnparsableException("The JSON is nested more than " + MAX_DEPTH + " deep");
    }
    if (++values > MAX_VALUES) {
      throw new UnparsableException("The JSON has more than " + MAX_VALUES + " values");
    }
    if (at >= text.length()) {
      throw unexpected("a value");
    }
    return switch (text.charAt(at)) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> new Json.StringValue(string());
      case 't' -> constant("true", Json.Constant.TRUE);
      case 'f' -> constant("false", Json.Constant.FALSE);
      case 'n' -> constant("null", Json.Constant.NULL);
      case 'N' -> pythonNumber("NaN");
      case 'I' -> pythonNumber("Infinity");
      default -> number();
    };
  }

  private Json object(int depth) throws UnparsableException {
    Map<String, Json> members = new LinkedHashMap<>();
    at++;
    skipSpace();
    if (take('}')) {
      return new Json.ObjectValue(members);
    }
    do {
      skipSpace();
      if (at >= text.length() || text.charAt(at) != '"') {
        throw unexpected("a key");
      }
      String key = string();
      skipSpace();
      require(':');
      skipSpace();
      Json value = value(depth + 1);
      if (members.put(key, value) != null && dialect == Dialect.STRICT) {
        throw new UnparsableException("The JSON repeats the key " + quote(key));
      }
      skipSpace();
    } while (take(','));
    require('}');
    return new Json.ObjectValue(members);
  }

  private Json array(int depth) throws UnparsableException {
    List<Json> items = new ArrayList<>();
    at++;
    skipSpace();
    if (take(']')) {
      return new Json.ArrayValue(items);
    }
    do {
      skipSpace();
      items.add(value(depth + 1));
      skipSpace();
    } while (take(','));
    require(']');
    return new Json.ArrayValue(items);
  }

  private String string() throws UnparsableException {
    int start = ++at;
    while (at < text.length() && text.charAt(at) != '"' && text.charAt(at) != '\\') {
      plainCharacter();
    }
    if (take('"')) {
      return text.substring(start, at - 1);
    }
    StringBuilder value = new StringBuilder(text.substring(start, at));
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '"') {
        at++;
        return value.toString();
      }
      if (c == '\\') {
        at++;
        value.append(escaped());
      } else {
        plainCharacter();
        value.append(c);
      }
    }
    throw unexpected("the end of a string");
  }

  private void plainCharacter() throws UnparsableException {
    if (text.charAt(at) < 0x20) {
      throw unexpected("no control character in a string");
    }
    at++;
  }

  private char escaped() throws UnparsableException {
    char c = at < text.length() ? text.charAt(at++) : 0;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> codeUnit();
      default -> throw unexpected("a known escape");
    };
  }

  private char codeUnit() throws UnparsableException {
    int unit = 0;
    for (int i = 0; i < 4; i++) {
      char c = at < text.length() ? text.charAt(at) : 0;
      // Character.digit would also take the digits of other scripts.
      int digit = c < 128 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        throw unexpected("four hexadecimal digits");
      }
      unit = unit * 16 + digit;
      at++;
    }
    return (char) unit;
  }

  private Json constant(String word, Json value) throws UnparsableException {
    if (!text.startsWith(word, at)) {
      throw unexpected("a value");
    }
    at += word.length();
    return value;
  }

  private Json pythonNumber(String word) throws UnparsableException {
    if (dialect == Dialect.STRICT) {
      throw unexpected("a value");
    }
    return constant(word, new Json.NumberValue(word));
  }

  private Json number() throws UnparsableException {
    int start = at;
    if (take('-') && dialect == Dialect.PYTHON && text.startsWith("Infinity", at)) {
      return constant("Infinity", new Json.NumberValue("-Infinity"));
    }
    int digitsFrom = at;
    if (!take('0') && skipDigits() == 0) {
      at = start;
      throw unexpected("a value");
    }
    int digits = at - digitsFrom;
    boolean whole = true;
    int mark = at;
    if (take('.')) {
      whole = false;
      if (skipDigits() == 0) {
        at = mark;
        throw unexpected("digits after the point");
      }
    }
    if (take('e') || take('E')) {
      whole = false;
      if (!take('+')) {
        take('-');
      }
      if (skipDigits() == 0) {
        throw unexpected("digits of an exponent");
      }
    }
    if (whole && digits > PYTHON_MAX_DIGITS && dialect == Dialect.PYTHON) {
      throw new UnparsableException("A whole number has " + digits + " digits");
    }
    return new Json.NumberValue(text.substring(start, at));
  }

  private int skipDigits() {
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at - start;
  }

  private void skipSpace() {
    while (at < text.length() && Blocks.isSpace(text.charAt(at))) {
      at++;
    }
  }

  private boolean take(char c) {
    boolean found = at < text.length() && text.charAt(at) == c;
    if (found) {
      at++;
    }
    return found;
  }

  private void require(char c) throws UnparsableException {
    if (!take(c)) {
      throw unexpected("'" + c + "'");
    }
  }

  private UnparsableException unexpected(String expected) {
    String found =
        at < text.length()
            ? quote(text.substring(at, Math.min(text.length(), at + 12)))
            : "the end";
    return new UnparsableException(
        "The JSON has " + found + " at character " + at + " instead of " + expected);
  }

  private static String quote(String value) {
    return "'" + (value.length() > 40 ? value.substring(0, 40) + "…" : value) + "'";
  }
}
