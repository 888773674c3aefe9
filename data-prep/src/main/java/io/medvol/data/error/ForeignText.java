package io.medvol.data.error;

/**
 * Texts that others wrote, such as messages of their exceptions, as a part of a sentence: short, on
 * one line, and without characters that move a terminal's cursor or forge a line of a log.
 */
public final class ForeignText {
  /** Longest text in characters. */
  public static final int MOST_CHARACTERS = 500;

  private static final String CUT = "…";

  private ForeignText() {}

  /**
   * The text with control characters as Java escapes them, cut to {@link #MOST_CHARACTERS}.
   *
   * @param text null gives "null"
   */
  public static String line(String text) {
    if (text == null) {
      return "null";
    }
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      String next = escaped(text.charAt(i));
      boolean last = i == text.length() - 1;
      if (line.length() + next.length() > MOST_CHARACTERS - (last ? 0 : CUT.length())) {
        return line.append(CUT).toString();
      }
      line.append(next);
    }
    return line.toString();
  }

  private static String escaped(char c) {
    return switch (c) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> movesOrHides(c) ? String.format("\\u%04x", (int) c) : String.valueOf(c);
    };
  }

  private static boolean movesOrHides(char c) {
    int type = Character.getType(c);
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }
}
