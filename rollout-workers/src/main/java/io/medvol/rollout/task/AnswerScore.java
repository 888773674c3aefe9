package io.medvol.rollout.task;

import io.medvol.reward.RewardBreakdown;
import io.medvol.reward.localisation.AnswerStatus;
import io.medvol.reward.localisation.Evidence;
import io.medvol.reward.localisation.LocalisationScore;
import java.util.Objects;

/**
 * What one answer earned.
 *
 * @param status what kind of answer it is
 * @param evidence what it points at; null unless it is evidence
 * @param reward every term with its status
 * @param maskDigest SHA-256 of the propagated mask; empty where none was made
 * @param option the option it chooses; empty unless it is one
 */
public record AnswerScore(
    AnswerStatus status,
    Evidence evidence,
    RewardBreakdown reward,
    String maskDigest,
    String option) {
  public AnswerScore {
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(reward, "reward");
    Objects.requireNonNull(maskDigest, "maskDigest");
    Objects.requireNonNull(option, "option");
  }

  static AnswerScore of(LocalisationScore score) {
    return new AnswerScore(
        score.status(), score.evidence(), score.reward(), score.maskDigest(), "");
  }
}
