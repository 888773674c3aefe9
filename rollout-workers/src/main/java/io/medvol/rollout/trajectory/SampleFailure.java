package io.medvol.rollout.trajectory;

import io.medvol.data.error.ForeignText;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A sample that had no part in a gradient, since it makes its volume's reader or the policy fail.
 *
 * @param reason a sentence for the metrics of the step
 */
public record SampleFailure(String sampleId, String reason) implements Serializable {
  public SampleFailure {
    Objects.requireNonNull(sampleId, "sampleId");
    reason = ForeignText.line(Objects.requireNonNull(reason, "reason"));
  }

  static List<SampleFailure> joined(List<SampleFailure> first, List<SampleFailure> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }
}
