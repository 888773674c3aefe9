package io.medvol.model.tokenizer.jinja;

import java.util.ArrayList;
import java.util.List;

/** The words of one tag, read from left to right. */
final class Tokens {
  private static final List<String> OPERATORS =
      List.of(
          "**", "//", "==", "!=", "<=", ">=", "<", ">", "=", "+", "-", "*", "/", "%", "~", "|", ".",
          ",", ":", "(", ")", "[", "]", "{", "}");

  private final List<Token> tokens;
  private int next;

  private Tokens(List<Token> tokens) {
    this.tokens = tokens;
  }

  static Tokens of(String text) {
    List<Token> tokens = new ArrayList<>();
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      int start = i;
      if (Character.isWhitespace(c)) {
        i++;
      } else if (c == '\'' || c == '"') {
        StringBuilder value = new StringBuilder();
        i = readString(text, i, value);
        tokens.add(new Token(Token.Kind.STRING, value.toString()));
      } else if (isDigit(c)) {
        i = endOfDigits(text, i);
        boolean decimal =
            i + 1 < text.length() && text.charAt(i) == '.' && isDigit(text.charAt(i + 1));
        if (decimal) {
          i = endOfDigits(text, i + 1);
        }
        tokens.add(
            new Token(decimal ? Token.Kind.DECIMAL : Token.Kind.INTEGER, text.substring(start, i)));
      } else if (Character.isJavaIdentifierStart(c)) {
        while (i < text.length() && Character.isJavaIdentifierPart(text.charAt(i))) {
          i++;
        }
        tokens.add(new Token(Token.Kind.NAME, text.substring(start, i)));
      } else {
        String operator = operatorAt(text, i);
        tokens.add(new Token(Token.Kind.OPERATOR, operator));
        i += operator.length();
      }
    }
    return new Tokens(tokens);
  }

  Token peek() {
    return peek(0);
  }

  Token peek(int ahead) {
    return next + ahead < tokens.size()
        ? tokens.get(next + ahead)
        : new Token(Token.Kind.END, "the end of the tag");
  }

  Token take() {
    Token token = peek();
    next++;
    return token;
  }

  /** Takes the operator if it comes next. */
  boolean accept(String operator) {
    boolean matches = peek().is(operator);
    next += matches ? 1 : 0;
    return matches;
  }

  /** Takes the word if it comes next. */
  boolean acceptName(String name) {
    boolean matches = peek().isName(name);
    next += matches ? 1 : 0;
    return matches;
  }

  void expect(String operator) {
    if (!accept(operator)) {
      throw new TemplateFault("expected " + operator + " but found " + peek().text());
    }
  }

  void expectName(String name) {
    if (!acceptName(name)) {
      throw new TemplateFault("expected " + name + " but found " + peek().text());
    }
  }

  String name() {
    Token token = take();
    if (token.kind() != Token.Kind.NAME) {
      throw new TemplateFault("expected a name but found " + token.text());
    }
    return token.text();
  }

  void expectEnd() {
    if (peek().kind() != Token.Kind.END) {
      throw new TemplateFault("unexpected " + peek().text());
    }
  }

  /** Python's literals know no other digits. */
  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static int endOfDigits(String text, int start) {
    int i = start;
    while (i < text.length() && isDigit(text.charAt(i))) {
      i++;
    }
    return i;
  }

  private static String operatorAt(String text, int at) {
    return OPERATORS.stream()
        .filter(operator -> text.startsWith(operator, at))
        .findFirst()
        .orElseThrow(() -> new TemplateFault("unexpected character " + text.charAt(at)));
  }

  private static int readString(String text, int quote, StringBuilder value) {
    int i = quote + 1;
    while (i < text.length() && text.charAt(i) != text.charAt(quote)) {
      char c = text.charAt(i++);
      if (c != '\\' || i == text.length()) {
        value.append(c);
        continue;
      }
      char escape = text.charAt(i++);
      switch (escape) {
        case 'n' -> value.append('\n');
        case 't' -> value.append('\t');
        case 'r' -> value.append('\r');
        case '\\', '\'', '"' -> value.append(escape);
        case 'x' -> i = readCode(text, i, 2, value);
        case 'u' -> i = readCode(text, i, 4, value);
        default -> value.append('\\').append(escape);
      }
    }
    return i + 1;
  }

  private static int readCode(String text, int start, int digits, StringBuilder value) {
    int end = start + digits;
    if (end > text.length()
        || !text.substring(start, end).chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
      throw new TemplateFault("an escape in a text lacks its " + digits + " hexadecimal digits");
    }
    value.append((char) Integer.parseInt(text.substring(start, end), 16));
    return end;
  }
}
