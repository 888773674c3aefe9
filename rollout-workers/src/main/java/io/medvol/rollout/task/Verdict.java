package io.medvol.rollout.task;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * How good one answer is.
 *
 * @param score what it earned
 * @param dice of its mask in the whole volume with the expert's; NaN where there is none
 * @param measures further measures by name, such as {@code box_iou}; means are taken over the
 *     answers that have one
 * @param failure why it could not be measured; empty if it could
 */
public record Verdict(
    AnswerScore score, double dice, Map<String, Double> measures, String failure) {
  public Verdict {
    Objects.requireNonNull(score, "score");
    Objects.requireNonNull(failure, "failure");
    measures = Collections.unmodifiableMap(new LinkedHashMap<>(measures));
  }

  /** Without further measures. */
  public Verdict(AnswerScore score, double dice, String failure) {
    this(score, dice, Map.of(), failure);
  }
}
