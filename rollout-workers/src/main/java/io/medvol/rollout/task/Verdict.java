package io.medvol.rollout.task;

import java.util.Objects;

/**
 * How good one answer is.
 *
 * @param score what it earned
 * @param dice of its mask in the whole volume with the expert's; NaN where there is none
 * @param failure why it could not be measured; empty if it could
 */
public record Verdict(AnswerScore score, double dice, String failure) {
  public Verdict {
    Objects.requireNonNull(score, "score");
    Objects.requireNonNull(failure, "failure");
  }
}
