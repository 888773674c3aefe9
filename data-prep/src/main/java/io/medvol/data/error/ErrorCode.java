package io.medvol.data.error;

/**
 * What kind of failure this is, and with which status a command that meets it ends.
 *
 * <p>0 is success and belongs to no failure; 1 is a bug of ours; 2 what the user gave; 3 what the
 * data held; 4 what the machine lacked.
 */
public enum ErrorCode {
  INTERNAL(1),
  INVALID_CONFIG(2),
  INVALID_INPUT(2),
  MALFORMED_DATA(3),
  /** Prepared data is not what was written: nobody's sample, so the command ends. */
  DAMAGED_DATA(3),
  RESOURCE(4);

  private final int exitCode;

  ErrorCode(int exitCode) {
    this.exitCode = exitCode;
  }

  public int exitCode() {
    return exitCode;
  }
}
