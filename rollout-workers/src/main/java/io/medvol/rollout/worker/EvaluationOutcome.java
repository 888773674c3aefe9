package io.medvol.rollout.worker;

import io.medvol.data.error.ForeignText;
import io.medvol.data.example.Sample;
import io.medvol.model.policy.Completion;
import io.medvol.reward.RewardBreakdown;
import io.medvol.reward.localisation.AnswerStatus;
import io.medvol.reward.localisation.Evidence;
import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What became of one held-out sample.
 *
 * @param completion the greedy answer; null if the sample failed
 * @param reward its terms; null if the sample failed
 * @param answer what the text turned out to be; null if the sample failed
 * @param evidence what the answer points at; null unless the answer is evidence
 * @param dice Dice of the mask propagated through the whole volume with the expert's: 0 for an
 *     unparsable answer, 1 for a right abstention; NaN if the sample or the segmenter failed
 * @param measures further measures of the answer by name, such as {@code box_iou}
 * @param masks for the hierarchical classes of KiTS23; null unless they were asked for
 * @param failure why the sample or its mask failed; empty if neither did
 * @param generatedTokens tokens of the answer
 * @param seconds wall time for prompt, answer and mask
 */
public record EvaluationOutcome(
    Sample sample,
    Completion completion,
    RewardBreakdown reward,
    AnswerStatus answer,
    Evidence evidence,
    double dice,
    Map<String, Double> measures,
    StructureMasks masks,
    String failure,
    int generatedTokens,
    double seconds)
    implements Serializable {
  /** Measure of how sure the policy is, by the agreement of its other answers. */
  public static final String CONFIDENCE = "confidence";

  public EvaluationOutcome {
    Objects.requireNonNull(sample, "sample");
    failure = ForeignText.line(Objects.requireNonNull(failure, "failure"));
    measures = Collections.unmodifiableMap(new LinkedHashMap<>(measures));
  }

  public static EvaluationOutcome failed(Sample sample, String reason) {
    return new EvaluationOutcome(
        sample, null, null, null, null, Double.NaN, Map.of(), null, reason, 0, 0);
  }

  public boolean failed() {
    return !failure.isEmpty();
  }

  public Optional<Evidence> anchor() {
    return Optional.ofNullable(evidence);
  }
}
