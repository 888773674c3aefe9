package io.medvol.model.tokenizer.jinja;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;

/** A template that cannot be read or rendered; the sentence says where if it is known. */
final class TemplateFault extends MedVolException {
  private static final long serialVersionUID = 1L;

  private final boolean placed;

  TemplateFault(String sentence) {
    super(ErrorCode.INVALID_INPUT, sentence);
    this.placed = false;
  }

  private TemplateFault(String sentence, Throwable cause) {
    super(ErrorCode.INVALID_INPUT, sentence, cause);
    this.placed = true;
  }

  /** The same fault with the line it happened on, unless an inner line is already known. */
  TemplateFault at(int line) {
    return placed
        ? this
        : new TemplateFault("Chat template, line " + line + ": " + getMessage(), this);
  }
}
