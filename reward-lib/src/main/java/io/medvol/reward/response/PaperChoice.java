package io.medvol.reward.response;

import java.util.Optional;

/**
 * Reads multiple-choice answers as the released Med-R1 code does (arXiv 2503.13939), in linear
 * time.
 */
public final class PaperChoice {
  private static final String THINK = "<think>";
  private static final String THINK_END = "</think>";
  private static final String ANSWER = "<answer>";
  private static final String ANSWER_END = "</answer>";

  private PaperChoice() {}

  /**
   * What is compared with the solution's: the first answer block on one line, or the whole text,
   * without white space around.
   */
  public static String content(String text) {
    for (int open = text.indexOf(ANSWER); open >= 0; ) {
      int from = open + ANSWER.length();
      int close = text.indexOf(ANSWER_END, from);
      if (close < 0) {
        break;
      }
      int newline = text.indexOf('\n', from);
      if (newline < 0 || newline > close) {
        return Python.strip(text.substring(from, close));
      }
      // Every block opened before that line ends contains its end.
      open = text.indexOf(ANSWER, newline);
    }
    return Python.strip(text);
  }

  /** Whether the full text has the form; blocks may hide inside others. */
  public static boolean hasForm(String text, ResponseForm form) {
    return switch (form) {
      case THINK_ANSWER -> twoBlocks(text, THINK, THINK_END, ANSWER, ANSWER_END);
      case ANSWER_THINK -> twoBlocks(text, ANSWER, ANSWER_END, THINK, THINK_END);
      case ANSWER_ONLY -> {
        int open = skipSpace(text, 0);
        yield text.startsWith(ANSWER, open)
            && text.endsWith(ANSWER_END)
            && text.length() - ANSWER_END.length() >= open + ANSWER.length();
      }
    };
  }

  /** What the release's evaluation extracts: the first answer block that holds a single word. */
  public static Optional<String> evaluated(String text) {
    for (int open = text.indexOf(ANSWER); open >= 0; open = text.indexOf(ANSWER, open + 1)) {
      int from = skipSpace(text, open + ANSWER.length());
      int to = from;
      while (to < text.length() && isWord(text.codePointAt(to))) {
        to += Character.charCount(text.codePointAt(to));
      }
      if (to > from && text.startsWith(ANSWER_END, skipSpace(text, to))) {
        return Optional.of(text.substring(from, to));
      }
    }
    return Optional.empty();
  }

  private static boolean twoBlocks(
      String text, String open1, String close1, String open2, String close2) {
    int last = text.length() - close2.length();
    if (!text.startsWith(open1) || !text.endsWith(close2)) {
      return false;
    }
    for (int at = text.indexOf(close1, open1.length());
        at >= 0;
        at = text.indexOf(close1, at + 1)) {
      int next = skipSpace(text, at + close1.length());
      if (text.startsWith(open2, next)) {
        // The first such place leaves most room for the end.
        return next + open2.length() <= last;
      }
    }
    return false;
  }

  private static int skipSpace(String text, int from) {
    int at = from;
    while (at < text.length() && Python.isSpace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  /** {@code \w} of Python. */
  private static boolean isWord(int c) {
    return c == '_'
        || switch (Character.getType(c)) {
          case Character.UPPERCASE_LETTER,
              Character.LOWERCASE_LETTER,
              Character.TITLECASE_LETTER,
              Character.MODIFIER_LETTER,
              Character.OTHER_LETTER,
              Character.DECIMAL_DIGIT_NUMBER,
              Character.LETTER_NUMBER,
              Character.OTHER_NUMBER ->
              true;
          default -> false;
        };
  }
}
