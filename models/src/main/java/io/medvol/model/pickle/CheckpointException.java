package io.medvol.model.pickle;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import java.nio.file.Path;

/** A checkpoint that is refused, and why. */
public final class CheckpointException extends MedVolException {
  private static final long serialVersionUID = 1L;

  /** What is wrong with a checkpoint. */
  public enum Kind {
    /** Not a torch checkpoint at all. */
    FORMAT(ErrorCode.INVALID_INPUT),
    /** It ends too early. */
    TRUNCATED(ErrorCode.MALFORMED_DATA),
    /** Its parts contradict each other. */
    CORRUPT(ErrorCode.MALFORMED_DATA),
    /** Its pickle asks for code or types outside the allowed ones. */
    FORBIDDEN(ErrorCode.INVALID_INPUT),
    /** A sound checkpoint of a kind that is not read here. */
    UNSUPPORTED(ErrorCode.INVALID_INPUT);

    private final ErrorCode code;

    Kind(ErrorCode code) {
      this.code = code;
    }
  }

  private final Kind kind;

  CheckpointException(Kind kind, Path file, String sentence) {
    this(kind, file, sentence, null);
  }

  CheckpointException(Kind kind, Path file, String sentence, Throwable cause) {
    super(kind.code, "Checkpoint " + file + " " + sentence, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
