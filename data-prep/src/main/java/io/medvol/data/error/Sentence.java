package io.medvol.data.error;

/** Puts sentences one after the other. Stateless. */
public final class Sentence {
  private Sentence() {}

  /** A text with a full stop at its end, unless one of {@code . ! ? …} stands there. */
  public static String ended(String text) {
    String stripped = text.stripTrailing();
    boolean ended =
        !stripped.isEmpty() && ".!?…".indexOf(stripped.charAt(stripped.length() - 1)) >= 0;
    return ended ? stripped : stripped + ".";
  }
}
