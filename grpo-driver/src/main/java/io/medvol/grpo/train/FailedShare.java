package io.medvol.grpo.train;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.error.Sentence;
import io.medvol.rollout.trajectory.SampleFailure;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Counts the samples of a step that fail, and ends a run in which too many do. */
final class FailedShare {
  private FailedShare() {}

  /** Puts how many failed, and why each did, a line for each. */
  static void put(Map<String, Object> metrics, List<SampleFailure> failures) {
    metrics.put("failed_prompts", failures.size());
    if (!failures.isEmpty()) {
      metrics.put(
          "failures",
          failures.stream()
              .map(failure -> failure.sampleId() + ": " + failure.reason())
              .collect(Collectors.joining("\n")));
    }
  }

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
              + Sentence.ended(failures.get(0).reason())
              + " Raise max-failed-share to go on without them.");
    }
  }
}
