package io.medvol.data.dataset.summary;

/** Numbers of things in sentences. */
final class Counted {
  private Counted() {}

  /** {@code 1 case}, {@code 2 cases}. */
  static String of(int count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }
}
