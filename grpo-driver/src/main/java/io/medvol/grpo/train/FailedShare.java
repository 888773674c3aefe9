package io.medvol.grpo.train;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.rollout.trajectory.SampleFailure;
import java.util.List;

/** Ends a run in which too many samples of a step fail. */
final class FailedShare {
  private FailedShare() {}

  /**
   * @param of samples of the step
   * @throws MedVolException (MALFORMED_DATA) if more than {@code most} of them failed
   */
  static void require(double most, List<SampleFailure> failures, int of, int step) {
    if (failures.size() > most * of) {
      throw new MedVolException(
          ErrorCode.MALFORMED_DATA,
          "At step "
              + step
              + ", "
              + failures.size()
              + " of "
              + of
              + " prompts failed, more than max-failed-share "
              + most
              + " allows. The first: sample "
              + failures.get(0).sampleId()
              + ": "
              + failures.get(0).reason()
              + " Raise max-failed-share to go on without them.");
    }
  }
}
