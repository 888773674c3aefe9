package io.medvol.model.tokenizer.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** Python's operations on texts; what they read and make is paid for first. */
final class Texts {
  private static final int STRETCH = 32;

  /** What changing a letter's case costs, in letters that are only read. */
  private static final long CASE_COST = 128;

  private Texts() {}

  /**
   * The place of a part at or behind {@code from}, or -1. It counts the characters it compares:
   * texts of one letter make a search quadratic.
   */
  static int find(String text, String part, int from, Budget budget) {
    budget.read(1);
    if (part.isEmpty()) {
      return from;
    }
    int last = text.length() - part.length();
    int at = from;
    while (at <= last) {
      int candidate = text.indexOf(part.charAt(0), at);
      budget.read((candidate < 0 ? text.length() : candidate) - (long) at);
      if (candidate < 0 || candidate > last) {
        return -1;
      }
      int same = 1;
      while (same < part.length() && text.charAt(candidate + same) == part.charAt(same)) {
        same++;
      }
      budget.read(same);
      if (same == part.length()) {
        return candidate;
      }
      at = candidate + 1;
    }
    return -1;
  }

  /** How often a part stands in the text; an empty one stands around every character. */
  static long count(String text, String part, Budget budget) {
    if (part.isEmpty()) {
      return text.codePointCount(0, text.length()) + 1L;
    }
    long count = 0;
    for (int at = find(text, part, 0, budget); at >= 0; count++) {
      at = find(text, part, at + part.length(), budget);
    }
    return count;
  }

  static String replace(String text, String old, String by, Budget budget) {
    Output replaced = new Output(budget);
    int done = 0;
    if (old.isEmpty()) {
      replaced.add(by);
      while (done < text.length()) {
        int end = text.offsetByCodePoints(done, 1);
        replaced.add(text, done, end).add(by);
        done = end;
      }
      return replaced.toString();
    }
    for (int at = find(text, old, 0, budget); at >= 0; at = find(text, old, done, budget)) {
      replaced.add(text, done, at).add(by);
      done = at + old.length();
    }
    return replaced.add(text, done, text.length()).toString();
  }

  /** At most {@code most} cuts from the left, or all where it is negative. */
  static List<Object> split(String text, String separator, long most, Budget budget) {
    List<Object> parts = new ArrayList<>();
    int done = 0;
    int at = most == 0 ? -1 : find(text, separator, 0, budget);
    while (at >= 0) {
      add(parts, text.substring(done, at), budget);
      done = at + separator.length();
      at = parts.size() == most ? -1 : find(text, separator, done, budget);
    }
    add(parts, text.substring(done), budget);
    return parts;
  }

  /** What stands between white space. */
  static List<Object> words(String text, Budget budget) {
    budget.read(text.length());
    List<Object> words = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int start = at;
      while (at < text.length() && !isSpace(text.charAt(at))) {
        at++;
      }
      if (at > start) {
        add(words, text.substring(start, at), budget);
      }
      at++;
    }
    return words;
  }

  static List<Object> lines(String text, Budget budget) {
    budget.read(text.length());
    List<Object> lines = new ArrayList<>();
    text.lines().forEach(line -> add(lines, line, budget));
    return lines;
  }

  private static void add(List<Object> parts, String part, Budget budget) {
    budget.items(1);
    budget.text(part.length());
    parts.add(part);
  }

  static String upper(String text, Budget budget) {
    return byStretches(text, stretch -> stretch.toUpperCase(Locale.ROOT), budget);
  }

  static String lower(String text, Budget budget) {
    return byStretches(text, stretch -> stretch.toLowerCase(Locale.ROOT), budget);
  }

  /**
   * The library copies the whole text at each character that becomes several, which is quadratic.
   * Stretches end at white space, where no letter depends on its neighbours, or are cut.
   */
  private static String byStretches(String text, UnaryOperator<String> change, Budget budget) {
    budget.read(CASE_COST * text.length());
    Output changed = new Output(budget);
    int start = 0;
    while (start < text.length()) {
      int end = Math.min(text.length(), start + STRETCH);
      int longest = Math.min(text.length(), start + 2 * STRETCH);
      while (end < longest && !isSpace(text.charAt(end - 1))) {
        end++;
      }
      if (end < text.length() && Character.isLowSurrogate(text.charAt(end))) {
        end++;
      }
      changed.add(change.apply(text.substring(start, end)));
      start = end;
    }
    return changed.toString();
  }

  static String capitalized(String text, Budget budget) {
    if (text.isEmpty()) {
      return text;
    }
    int first = text.offsetByCodePoints(0, 1);
    return new Output(budget)
        .add(text.substring(0, first).toUpperCase(Locale.ROOT))
        .add(lower(text.substring(first), budget))
        .toString();
  }

  /** Each run of letters capitalized. */
  static String title(String text, Budget budget) {
    budget.read(CASE_COST * text.length());
    Output titled = new Output(budget);
    int at = 0;
    while (at < text.length()) {
      int start = at;
      while (at < text.length() && Character.isLetter(text.codePointAt(at))) {
        at = text.offsetByCodePoints(at, 1);
      }
      if (at > start) {
        titled.add(capitalized(text.substring(start, at), budget));
      } else {
        at = text.offsetByCodePoints(at, 1);
        titled.add(text, start, at);
      }
    }
    return titled.toString();
  }

  /** Without the characters of the call's first argument, else white space, at the ends. */
  static String strip(String text, Call call, boolean leading, boolean trailing) {
    Object set = call.get(0, "chars", null);
    if (set == null) {
      return strip(text, leading, trailing, call.budget());
    }
    String characters = Values.string(set);
    int start = 0;
    int end = text.length();
    while (leading && start < end && holds(characters, text.charAt(start), call.budget())) {
      start++;
    }
    while (trailing && end > start && holds(characters, text.charAt(end - 1), call.budget())) {
      end--;
    }
    return part(text, start, end, call.budget());
  }

  static String strip(String text, boolean leading, boolean trailing, Budget budget) {
    budget.read(text.length());
    int start = 0;
    int end = text.length();
    while (leading && start < end && isSpace(text.charAt(start))) {
      start++;
    }
    while (trailing && end > start && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return part(text, start, end, budget);
  }

  private static String part(String text, int start, int end, Budget budget) {
    budget.text(end - start);
    return text.substring(start, end);
  }

  private static boolean holds(String set, char c, Budget budget) {
    budget.read(set.length() + 1L);
    return set.indexOf(c) >= 0;
  }

  private static boolean isSpace(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
  }
}
