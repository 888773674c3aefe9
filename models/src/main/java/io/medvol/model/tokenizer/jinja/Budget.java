package io.medvol.model.tokenizer.jinja;

/**
 * What one rendering may use: a template comes with a model and must not hang or fill the heap.
 * Whatever a template does passes through here before it is done: evaluating and rendering (steps
 * and depth), reading texts, and making texts, lists and mappings. The limits are counts, so that a
 * template is refused on every machine or on none.
 */
final class Budget {
  private static final int MAX_DEPTH = 400;
  private static final int MAX_STEPS = 1_000_000;
  private static final long MAX_READ = 64L << 20;
  private static final long MAX_BYTES = 32L << 20;

  /** What a value takes in a list, and an entry in a mapping, with what it refers to. */
  private static final int ITEM_BYTES = 32;

  private static final int ENTRY_BYTES = 96;

  private int steps;
  private int depth;
  private long read;
  private long bytes;
  private boolean exhausted;

  /** Counts an expression evaluated, a node rendered or an item gone through. */
  void step() {
    steps(1);
  }

  /**
   * @param count of what is gone through at once
   */
  void steps(long count) {
    if (count > MAX_STEPS - steps) {
      throw exhausted("rendering takes more than " + MAX_STEPS + " steps");
    }
    steps += (int) count;
  }

  /** Counts characters that are looked at. */
  void read(long characters) {
    read += characters;
    if (read > MAX_READ) {
      throw exhausted("rendering reads more than " + MAX_READ + " characters");
    }
  }

  /** Counts text before it is made, whether or not it is printed. */
  void text(long characters) {
    bytes(characters, Character.BYTES);
  }

  /** Counts items of a list before they are there. */
  void items(long count) {
    bytes(count, ITEM_BYTES);
  }

  /** Counts entries of a mapping or a namespace before they are there. */
  void entries(long count) {
    bytes(count, ENTRY_BYTES);
  }

  private void bytes(long count, int each) {
    if (count > (MAX_BYTES - bytes) / each) {
      throw exhausted("rendering makes texts and lists of more than " + (MAX_BYTES >> 20) + " MiB");
    }
    bytes += count * each;
  }

  /** Counts a level of expressions, statements, macros or values inside one another. */
  void enter() {
    if (++depth > MAX_DEPTH) {
      throw exhausted(
          "expressions, statements, macros or values are nested more than " + MAX_DEPTH + " deep");
    }
  }

  void leave() {
    depth--;
  }

  /** Whether a limit was reached, rather than the template wrong or unwilling. */
  boolean isExhausted() {
    return exhausted;
  }

  private TemplateFault exhausted(String sentence) {
    exhausted = true;
    return new TemplateFault(sentence);
  }
}
