package io.medvol.model.tokenizer.jinja;

/** What one rendering may use: a template comes with a model and must not hang or fill the heap. */
final class Budget {
  private static final int MAX_STEPS = 1_000_000;
  private static final int MAX_CHARACTERS = 16 << 20;
  private static final int MAX_DEPTH = 64;

  private int steps;
  private long characters;
  private int depth;

  void step() {
    if (++steps > MAX_STEPS) {
      throw new TemplateFault("rendering takes more than " + MAX_STEPS + " iterations");
    }
  }

  /** Counts text that is made, whether or not it is printed. */
  void text(long length) {
    characters += length;
    if (characters > MAX_CHARACTERS) {
      throw new TemplateFault("rendering makes more than " + MAX_CHARACTERS + " characters");
    }
  }

  void enter() {
    if (++depth > MAX_DEPTH) {
      throw new TemplateFault("macros call one another more than " + MAX_DEPTH + " deep");
    }
  }

  void leave() {
    depth--;
  }
}
