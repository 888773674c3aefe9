package io.medvol.model.tokenizer.jinja;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import java.util.regex.Pattern;

/** A template that cannot be read or rendered; the sentence says where if it is known. */
final class TemplateFault extends MedVolException {
  private static final long serialVersionUID = 1L;

  private static final int MAX_LENGTH = 400;
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}+");

  private final boolean placed;

  TemplateFault(String sentence) {
    super(ErrorCode.INVALID_INPUT, readable(sentence));
    this.placed = false;
  }

  /** What a template says or holds may be of any length, and may try to move the cursor. */
  private static String readable(String sentence) {
    String start =
        sentence.length() > MAX_LENGTH ? sentence.substring(0, MAX_LENGTH) + " ..." : sentence;
    return CONTROL.matcher(start).replaceAll(" ");
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
