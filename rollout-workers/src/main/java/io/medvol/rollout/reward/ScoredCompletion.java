package io.medvol.rollout.reward;

import io.medvol.reward.RewardBreakdown;
import io.medvol.rollout.trajectory.EvidenceAnchor;
import java.util.Objects;

/**
 * What one answer earned.
 *
 * @param reward every term with its status
 * @param evidence what the answer points at; null where it could not be parsed or abstains
 * @param maskDigest SHA-256 of the propagated mask; empty where none was made
 */
public record ScoredCompletion(RewardBreakdown reward, EvidenceAnchor evidence, String maskDigest) {
  public ScoredCompletion {
    Objects.requireNonNull(reward, "reward");
    Objects.requireNonNull(maskDigest, "maskDigest");
  }
}
