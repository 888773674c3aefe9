package io.medvol.reward.localisation;

import io.medvol.reward.RewardBreakdown;
import io.medvol.reward.RewardValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How one mode reads and scores a completion; {@code R} is what it reads. */
interface ScoringRules<R> {
  /** Never throws, whatever the text. */
  R read(String completion, GroundTruth truth);

  AnswerStatus status(R response, GroundTruth truth);

  /** Why the response is unparsable; empty if it is not. */
  String reason(R response, GroundTruth truth);

  /** What the response points at, if that is a slice of the volume. */
  Optional<Evidence> evidence(R response, GroundTruth truth);

  /** Whether any term could pay for the mask of that evidence. */
  boolean worthPropagating(GroundTruth truth);

  List<LocalisationTerm<R>> terms();

  RewardBreakdown sum(Map<String, RewardValue> terms);
}
