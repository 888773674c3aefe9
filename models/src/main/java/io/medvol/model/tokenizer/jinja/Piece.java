package io.medvol.model.tokenizer.jinja;

/**
 * A stretch of a template: literal text, or what stands inside a pair of delimiters.
 *
 * @param line of its beginning, from 1
 */
record Piece(Kind kind, String content, int line) {
  enum Kind {
    TEXT,
    EXPRESSION,
    STATEMENT
  }
}
