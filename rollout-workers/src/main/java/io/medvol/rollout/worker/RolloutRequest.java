package io.medvol.rollout.worker;

import io.medvol.model.policy.SamplingParams;
import io.medvol.rollout.trajectory.PolicyState;
import java.io.Serializable;
import java.util.Objects;
import java.util.Optional;

/**
 * How a step's groups are drawn; the samples travel beside it, cut into partitions.
 *
 * @param policy draws the answers
 * @param referencePolicy for the KL term; null without one
 * @param runSeed seed of the run
 * @param step generation step, from 0
 * @param numGenerations answers to each prompt
 * @param sampling how tokens are drawn, and most of them
 */
public record RolloutRequest(
    PolicyState policy,
    PolicyState referencePolicy,
    long runSeed,
    int step,
    int numGenerations,
    SamplingParams sampling)
    implements Serializable {
  public RolloutRequest {
    Objects.requireNonNull(policy, "policy");
    Objects.requireNonNull(sampling, "sampling");
    if (numGenerations < 1) {
      throw new IllegalArgumentException("num-generations is " + numGenerations);
    }
  }

  public Optional<PolicyState> reference() {
    return Optional.ofNullable(referencePolicy);
  }
}
