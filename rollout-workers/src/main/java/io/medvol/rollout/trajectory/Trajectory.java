package io.medvol.rollout.trajectory;

import io.medvol.model.policy.Completion;
import io.medvol.model.policy.FinishReason;
import io.medvol.model.policy.TokenValues;
import io.medvol.reward.RewardBreakdown;
import io.medvol.reward.localisation.AnswerStatus;
import io.medvol.reward.localisation.Evidence;
import io.medvol.rollout.objective.Objective;
import java.io.Serializable;
import java.util.Objects;
import java.util.Optional;

/**
 * One answer with everything that led to its reward.
 *
 * @param key its name
 * @param policyVersion version of the policy that drew it
 * @param policyDigest digest of that policy
 * @param completion tokens, text, and the log-probabilities of the distribution they were drawn
 *     from
 * @param oldLogProbs under the policy that drew it, at the temperature alone, whatever options
 *     shaped the draw. Where a later computation reads them, they are from the forward pass of an
 *     update, so that an unchanged policy has an importance ratio of exactly 1 to them
 * @param referenceLogProbs under the reference policy at the same temperature; null without a KL
 *     term
 * @param reward every term with its status
 * @param answer what the text turned out to be
 * @param evidence what the answer points at; null unless the answer is evidence
 * @param maskDigest SHA-256 of the propagated mask; empty where none was made
 * @param timings of its group
 */
public record Trajectory(
    TrajectoryKey key,
    long policyVersion,
    String policyDigest,
    Completion completion,
    TokenValues oldLogProbs,
    TokenValues referenceLogProbs,
    RewardBreakdown reward,
    AnswerStatus answer,
    Evidence evidence,
    String maskDigest,
    TrajectoryTimings timings)
    implements Serializable {
  public Trajectory {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(policyDigest, "policyDigest");
    Objects.requireNonNull(completion, "completion");
    Objects.requireNonNull(reward, "reward");
    Objects.requireNonNull(answer, "answer");
    Objects.requireNonNull(maskDigest, "maskDigest");
    Objects.requireNonNull(timings, "timings");
    int length = completion.tokens().length();
    if (completion.logProbs().length() != length
        || oldLogProbs.length() != length
        || (referenceLogProbs != null && referenceLogProbs.length() != length)) {
      throw new IllegalArgumentException(
          key + ": every token needs one log-probability; there are " + length + " tokens");
    }
  }

  public Optional<TokenValues> reference() {
    return Optional.ofNullable(referenceLogProbs);
  }

  public Optional<Evidence> anchor() {
    return Optional.ofNullable(evidence);
  }

  public int length() {
    return completion.tokens().length();
  }

  /** Whether the answer was cut at the length limit. */
  public boolean truncated() {
    return completion.finishReason() == FinishReason.LENGTH;
  }

  /**
   * Whether the answer's tokens enter this loss; one that is left out still counts as an answer.
   */
  public boolean countsIn(Objective objective) {
    return objective.truncated() == Objective.Truncated.KEPT || !truncated();
  }
}
