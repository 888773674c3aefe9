package io.medvol.reward.response;

import java.util.ArrayList;
import java.util.List;

/**
 * The blocks of a completion as the released patterns find them, in linear time: tags in any case
 * and with white space inside, the first block of each kind, anything around it.
 *
 * @param wellFormed whether the whole text is a think block and then an answer block, in which
 *     further tags may hide
 * @param thought the first think block; null if there is none
 * @param answer the first answer block; null if there is none
 */
record PaperBlocks(boolean wellFormed, String thought, String answer) {
  private enum Kind {
    THINK,
    THINK_END,
    ANSWER,
    ANSWER_END
  }

  private record Tag(Kind kind, int start, int end) {}

  static PaperBlocks read(String text) {
    List<Tag> tags = tags(text);
    return new PaperBlocks(
        wellFormed(text, tags),
        first(text, tags, Kind.THINK, Kind.THINK_END),
        first(text, tags, Kind.ANSWER, Kind.ANSWER_END));
  }

  private static List<Tag> tags(String text) {
    List<Tag> tags = new ArrayList<>();
    for (int at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1)) {
      int i = skipSpace(text, at + 1);
      boolean closing = i < text.length() && text.charAt(i) == '/';
      if (closing) {
        i = skipSpace(text, i + 1);
      }
      boolean think = startsWith(text, i, "think");
      if (!think && !startsWith(text, i, "answer")) {
        continue;
      }
      i = skipSpace(text, i + (think ? "think" : "answer").length());
      if (i < text.length() && text.charAt(i) == '>') {
        Kind open = think ? Kind.THINK : Kind.ANSWER;
        Kind close = think ? Kind.THINK_END : Kind.ANSWER_END;
        tags.add(new Tag(closing ? close : open, at, i + 1));
      }
    }
    return tags;
  }

  /** Unicode's simple case folding: the Kelvin sign is a k, the long s an s. */
  private static boolean startsWith(String text, int at, String word) {
    if (at + word.length() > text.length()) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      char folded = Character.toLowerCase(Character.toUpperCase(text.charAt(at + i)));
      if (folded != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static boolean wellFormed(String text, List<Tag> tags) {
    if (tags.isEmpty()) {
      return false;
    }
    Tag first = tags.get(0);
    Tag last = tags.get(tags.size() - 1);
    if (first.kind() != Kind.THINK
        || skipSpace(text, 0) != first.start()
        || last.kind() != Kind.ANSWER_END
        || skipSpace(text, last.end()) != text.length()) {
      return false;
    }
    for (int i = 1; i < tags.size() - 2; i++) {
      Tag end = tags.get(i);
      Tag next = tags.get(i + 1);
      if (end.kind() == Kind.THINK_END
          && next.kind() == Kind.ANSWER
          && skipSpace(text, end.end()) == next.start()) {
        return true;
      }
    }
    return false;
  }

  private static String first(String text, List<Tag> tags, Kind open, Kind close) {
    int from = -1;
    for (Tag tag : tags) {
      if (from < 0 && tag.kind() == open) {
        from = tag.end();
      } else if (from >= 0 && tag.kind() == close) {
        return text.substring(from, tag.start());
      }
    }
    return null;
  }

  private static int skipSpace(String text, int from) {
    int at = from;
    while (at < text.length() && Python.isSpace(text.charAt(at))) {
      at++;
    }
    return at;
  }
}
