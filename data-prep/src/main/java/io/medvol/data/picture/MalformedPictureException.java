package io.medvol.data.picture;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;

/** A file that is no picture this platform reads; the message names the file and the reason. */
public final class MalformedPictureException extends MedVolException {
  private static final long serialVersionUID = 1L;

  MalformedPictureException(String source, String reason, Throwable cause) {
    super(ErrorCode.MALFORMED_DATA, source + ": " + reason, cause);
  }
}
