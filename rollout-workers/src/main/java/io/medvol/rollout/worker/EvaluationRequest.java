package io.medvol.rollout.worker;

import io.medvol.rollout.trajectory.PolicyState;
import java.io.Serializable;
import java.util.Objects;

/**
 * How held-out samples are answered: greedily, one answer each.
 *
 * @param policy answers
 * @param maxCompletionLength limit in tokens
 */
public record EvaluationRequest(PolicyState policy, int maxCompletionLength)
    implements Serializable {
  public EvaluationRequest {
    Objects.requireNonNull(policy, "policy");
    if (maxCompletionLength < 1) {
      throw new IllegalArgumentException("max-completion-length is " + maxCompletionLength);
    }
  }
}
