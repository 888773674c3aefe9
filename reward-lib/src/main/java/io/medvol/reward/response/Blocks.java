package io.medvol.reward.response;

import java.util.List;

/**
 * The blocks of a completion, read strictly: exactly the wanted ones, each once, in order, and
 * nothing else but white space, which is space, tab, carriage return and line feed.
 *
 * @param thought inside of the think block, not blank; empty if the form has none
 * @param answer inside of the answer block
 */
record Blocks(String thought, String answer) {
  private static final String THINK = "<think>";
  private static final String THINK_END = "</think>";
  private static final String ANSWER = "<answer>";
  private static final String ANSWER_END = "</answer>";
  private static final List<String> TAGS = List.of(THINK, THINK_END, ANSWER, ANSWER_END);

  static Blocks read(String text, ResponseForm form) throws UnparsableException {
    List<String> wanted =
        switch (form) {
          case THINK_ANSWER -> TAGS;
          case ANSWER_ONLY -> List.of(ANSWER, ANSWER_END);
          case ANSWER_THINK -> List.of(ANSWER, ANSWER_END, THINK, THINK_END);
        };
    for (String tag : TAGS) {
      requireCount(text, tag, wanted.contains(tag));
    }
    int end = 0;
    String thought = "";
    String answer = "";
    for (int i = 0; i < wanted.size(); i += 2) {
      String open = wanted.get(i);
      int from = skipSpace(text, end);
      if (!text.startsWith(open, from)) {
        throw new UnparsableException("Something other than white space stands before " + open);
      }
      from += open.length();
      int to = text.indexOf(wanted.get(i + 1), from);
      if (to < 0) {
        throw new UnparsableException(wanted.get(i + 1) + " stands before " + open);
      }
      String inside = text.substring(from, to);
      if (open.equals(THINK)) {
        thought = inside;
      } else {
        answer = inside;
      }
      end = to + wanted.get(i + 1).length();
    }
    if (skipSpace(text, end) < text.length()) {
      throw new UnparsableException("Text follows the last block");
    }
    if (wanted.contains(THINK) && skipSpace(thought, 0) == thought.length()) {
      throw new UnparsableException("The thought is blank");
    }
    return new Blocks(thought, answer);
  }

  static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }

  /** Without the white space at either end. */
  static String strip(String text) {
    int from = skipSpace(text, 0);
    int to = text.length();
    while (to > from && isSpace(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  private static void requireCount(String text, String tag, boolean once)
      throws UnparsableException {
    int first = text.indexOf(tag);
    if (!once && first >= 0) {
      throw new UnparsableException(tag + " does not belong into this answer");
    }
    if (once && first < 0) {
      throw new UnparsableException(tag + " is missing");
    }
    if (once && text.indexOf(tag, first + tag.length()) >= 0) {
      throw new UnparsableException(tag + " occurs more than once");
    }
  }

  /** The first index from this one at which no white space stands. */
  static int skipSpace(String text, int from) {
    int at = from;
    while (at < text.length() && isSpace(text.charAt(at))) {
      at++;
    }
    return at;
  }
}
