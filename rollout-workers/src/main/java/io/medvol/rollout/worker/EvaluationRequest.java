package io.medvol.rollout.worker;

import io.medvol.rollout.trajectory.PolicyState;
import java.io.Serializable;
import java.util.Objects;

/**
 * How held-out samples are answered: greedily, one answer each, and with further answers drawn to
 * tell how sure the policy is.
 *
 * @param policy answers
 * @param maxCompletionLength limit in tokens
 * @param confidenceSamples further answers drawn at temperature 1, whose agreement with the greedy
 *     one is its confidence; 0 for none
 */
public record EvaluationRequest(PolicyState policy, int maxCompletionLength, int confidenceSamples)
    implements Serializable {
  public EvaluationRequest {
    Objects.requireNonNull(policy, "policy");
    if (maxCompletionLength < 1) {
      throw new IllegalArgumentException("max-completion-length is " + maxCompletionLength);
    }
    if (confidenceSamples < 0) {
      throw new IllegalArgumentException("confidence-samples is " + confidenceSamples);
    }
  }

  /** Without a confidence. */
  public EvaluationRequest(PolicyState policy, int maxCompletionLength) {
    this(policy, maxCompletionLength, 0);
  }
}
