package io.medvol.rollout.reward;

import io.medvol.reward.RewardBreakdown;
import io.medvol.rollout.trajectory.AnswerKind;
import io.medvol.rollout.trajectory.EvidenceAnchor;
import java.util.Objects;

/**
 * What one answer earned.
 *
 * @param reward every term with its status
 * @param answer what the text turned out to be
 * @param evidence what the answer points at; null unless the answer is evidence
 * @param maskDigest SHA-256 of the propagated mask; empty where none was made
 */
public record ScoredCompletion(
    RewardBreakdown reward, AnswerKind answer, EvidenceAnchor evidence, String maskDigest) {
  public ScoredCompletion {
    Objects.requireNonNull(reward, "reward");
    Objects.requireNonNull(answer, "answer");
    Objects.requireNonNull(maskDigest, "maskDigest");
  }
}
