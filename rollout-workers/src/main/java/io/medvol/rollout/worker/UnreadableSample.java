package io.medvol.rollout.worker;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;

/** Tells a sample that cannot be read, which costs itself alone, from what fails for every one. */
final class UnreadableSample {
  private UnreadableSample() {}

  /**
   * Why the sample is left out.
   *
   * @throws MedVolException the failure itself, if it is not the sample's
   */
  static String reason(MedVolException failure) {
    if (failure.code() != ErrorCode.MALFORMED_DATA) {
      throw failure;
    }
    return failure.getMessage();
  }
}
