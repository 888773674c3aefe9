package io.medvol.reward.localisation;

import io.medvol.reward.RewardBreakdown;
import java.io.Serializable;
import java.util.Objects;
import java.util.Optional;

/**
 * What one completion earned, and on what evidence.
 *
 * @param status what kind of answer it is
 * @param reason why it is unparsable; else empty
 * @param evidence what it points at; null unless it is an answer
 * @param reward every term with its status
 * @param maskDigest {@link MaskDigest} of the propagated mask; empty where none was made
 */
public record LocalisationScore(
    AnswerStatus status,
    String reason,
    Evidence evidence,
    RewardBreakdown reward,
    String maskDigest)
    implements Serializable {
  public LocalisationScore {
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(reward, "reward");
    Objects.requireNonNull(maskDigest, "maskDigest");
  }

  public Optional<Evidence> anchor() {
    return Optional.ofNullable(evidence);
  }
}
