package io.medvol.model.tokenizer.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a template into pieces and applies the white-space rules: a minus strips towards the
 * outside, the newline behind a statement or comment goes, and so does the indentation before one.
 */
final class TemplateLexer {
  private static final Pattern END_RAW = Pattern.compile("\\{%([-+]?)\\s*endraw\\s*([-+]?)%\\}");

  private final String source;
  private final List<Piece> pieces = new ArrayList<>();
  private int position;
  private int counted;
  private int line = 1;

  private TemplateLexer(String source) {
    this.source = source;
  }

  static List<Piece> pieces(String template) {
    String source = template.replace("\r\n", "\n").replace('\r', '\n');
    if (source.endsWith("\n")) {
      source = source.substring(0, source.length() - 1);
    }
    TemplateLexer lexer = new TemplateLexer(source);
    lexer.run();
    return lexer.pieces;
  }

  private void run() {
    while (position < source.length()) {
      int open = nextOpening(position);
      if (open < 0) {
        add(Piece.Kind.TEXT, source.substring(position), position);
        return;
      }
      char kind = source.charAt(open + 1);
      char sign = open + 2 < source.length() ? source.charAt(open + 2) : ' ';
      text(open, sign, kind != '{');
      int start = sign == '-' || sign == '+' ? open + 3 : open + 2;
      switch (kind) {
        case '#' -> comment(open, start);
        case '{' -> add(Piece.Kind.EXPRESSION, inside(open, start, "}}"), open);
        default -> statement(open, inside(open, start, "%}"));
      }
    }
  }

  private int nextOpening(int from) {
    for (int i = source.indexOf('{', from); i >= 0; i = source.indexOf('{', i + 1)) {
      if (i + 1 < source.length() && "{%#".indexOf(source.charAt(i + 1)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  /** The text up to the next tag, without what the tag strips from its end. */
  private void text(int end, char sign, boolean stripsIndent) {
    String text = source.substring(position, end);
    if (sign == '-') {
      text = text.stripTrailing();
    } else if (sign != '+' && stripsIndent) {
      int lineStart = text.lastIndexOf('\n') + 1;
      boolean fromLineStart = lineStart > 0 || position == 0 || source.charAt(position - 1) == '\n';
      if (fromLineStart && text.substring(lineStart).chars().allMatch(c -> c == ' ' || c == '\t')) {
        text = text.substring(0, lineStart);
      }
    }
    add(Piece.Kind.TEXT, text, position);
  }

  private void comment(int open, int start) {
    int end = source.indexOf("#}", start);
    if (end < 0) {
      throw new TemplateFault("a comment is not closed").at(line(open));
    }
    position = end + 2;
    // The comment "{#-#}" has one sign only, which belongs to its beginning.
    trimAfter(end > start ? source.charAt(end - 1) : ' ');
  }

  private void statement(int open, String content) {
    if (!content.strip().equals("raw")) {
      add(Piece.Kind.STATEMENT, content, open);
      return;
    }
    Matcher end = END_RAW.matcher(source);
    if (!end.find(position)) {
      throw new TemplateFault("{% raw %} is not closed").at(line(open));
    }
    text(end.start(), end.group(1).isEmpty() ? ' ' : end.group(1).charAt(0), true);
    position = end.end();
    trimAfter(end.group(2).isEmpty() ? ' ' : end.group(2).charAt(0));
  }

  /** What stands before the closing delimiter; the position moves behind it. */
  private String inside(int open, int start, String close) {
    int depth = 0;
    int i = start;
    while (i < source.length()) {
      char c = source.charAt(i);
      if (c == '\'' || c == '"') {
        i = endOfString(i, open);
      } else if (depth == 0 && source.startsWith(close, i)) {
        char sign = i > start ? source.charAt(i - 1) : ' ';
        boolean signed = sign == '-' || (sign == '+' && close.equals("%}"));
        position = i + 2;
        if (close.equals("%}") || sign == '-') {
          trimAfter(sign);
        }
        return source.substring(start, signed ? i - 1 : i);
      } else {
        if ("([{".indexOf(c) >= 0) {
          depth++;
        } else if (")]}".indexOf(c) >= 0) {
          depth = Math.max(0, depth - 1);
        }
        i++;
      }
    }
    throw new TemplateFault("a tag is not closed by " + close).at(line(open));
  }

  private int endOfString(int quote, int open) {
    for (int i = quote + 1; i < source.length(); i++) {
      if (source.charAt(i) == '\\') {
        i++;
      } else if (source.charAt(i) == source.charAt(quote)) {
        return i + 1;
      }
    }
    throw new TemplateFault("a text in quotes is not closed").at(line(open));
  }

  private void trimAfter(char sign) {
    if (sign == '-') {
      while (position < source.length() && Character.isWhitespace(source.charAt(position))) {
        position++;
      }
    } else if (sign != '+' && position < source.length() && source.charAt(position) == '\n') {
      position++;
    }
  }

  private void add(Piece.Kind kind, String content, int at) {
    if (kind != Piece.Kind.TEXT || !content.isEmpty()) {
      pieces.add(new Piece(kind, content, line(at)));
    }
  }

  /** The line of a place; places are asked for from front to back, so each is counted once. */
  private int line(int at) {
    for (; counted < at; counted++) {
      line += source.charAt(counted) == '\n' ? 1 : 0;
    }
    return line;
  }
}
