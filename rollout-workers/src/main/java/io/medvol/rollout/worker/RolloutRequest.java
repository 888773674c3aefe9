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
 * @param oldLogProbs which log-probabilities the trajectories record as the old ones
 */
public record RolloutRequest(
    PolicyState policy,
    PolicyState referencePolicy,
    long runSeed,
    int step,
    int numGenerations,
    SamplingParams sampling,
    OldLogProbs oldLogProbs)
    implements Serializable {
  public RolloutRequest {
    Objects.requireNonNull(policy, "policy");
    Objects.requireNonNull(sampling, "sampling");
    Objects.requireNonNull(oldLogProbs, "oldLogProbs");
    if (numGenerations < 1) {
      throw new IllegalArgumentException("num-generations is " + numGenerations);
    }
  }

  /** Where no later computation reads the old log-probabilities. */
  public RolloutRequest(
      PolicyState policy,
      PolicyState referencePolicy,
      long runSeed,
      int step,
      int numGenerations,
      SamplingParams sampling) {
    this(policy, referencePolicy, runSeed, step, numGenerations, sampling, OldLogProbs.AS_DECODED);
  }

  /** Where the old log-probabilities of a trajectory come from. */
  public enum OldLogProbs {
    /** From decoding, token by token; where an option shapes the draw, they are scored. */
    AS_DECODED,
    /** From the forward pass an update makes, which rounds as the update does. */
    SCORED
  }

  /** Whether the worker scores what it drew. */
  boolean scoresDraws() {
    return oldLogProbs == OldLogProbs.SCORED || sampling.reshapes();
  }

  public Optional<PolicyState> reference() {
    return Optional.ofNullable(referencePolicy);
  }
}
