package io.medvol.data.error;

import java.util.Objects;

/**
 * A failure with a sentence for the person who runs the command: what, where, the value met, what
 * was expected, what to do. Everything else that is thrown is a bug.
 */
public class MedVolException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  public MedVolException(ErrorCode code, String message) {
    this(code, message, null);
  }

  public MedVolException(ErrorCode code, String message, Throwable cause) {
    super(message, cause);
    this.code = Objects.requireNonNull(code, "code");
  }

  public ErrorCode code() {
    return code;
  }
}
