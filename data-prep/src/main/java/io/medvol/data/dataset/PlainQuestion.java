package io.medvol.data.dataset;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The question about a structure of which only the name is known. */
final class PlainQuestion {
  /** As TotalSegmentator and others write it: {@code kidney_right}. */
  private static final Pattern SIDE_LAST = Pattern.compile("(.+)_(left|right)");

  private PlainQuestion() {}

  /** {@code Where is the right kidney?} for {@code kidney_right} and {@code right kidney}. */
  static String about(String name) {
    Matcher side = SIDE_LAST.matcher(name);
    String words = side.matches() ? side.group(2) + " " + side.group(1) : name;
    return "Where is the " + words.replace('_', ' ').strip() + "?";
  }
}
