package io.medvol.reward.response;

/** Ends the reading of one text; carries no stack trace, because bad text is ordinary. */
final class UnparsableException extends Exception {
  private static final long serialVersionUID = 1L;

  UnparsableException(String reason) {
    super(reason, null, false, false);
  }
}
