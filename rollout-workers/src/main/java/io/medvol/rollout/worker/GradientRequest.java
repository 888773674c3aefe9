package io.medvol.rollout.worker;

import io.medvol.rollout.objective.LossDenominators;
import io.medvol.rollout.objective.Objective;
import io.medvol.rollout.trajectory.PolicyState;
import java.io.Serializable;
import java.util.Objects;

/**
 * How a step's groups are differentiated; the groups travel beside it, cut into partitions.
 *
 * @param policy where the gradient is taken
 * @param temperature of the rollout, by which the logits are divided here too
 * @param objective which loss
 * @param oldPolicy what the importance ratio compares with
 * @param denominators global counts of the update
 */
public record GradientRequest(
    PolicyState policy,
    double temperature,
    Objective objective,
    OldPolicy oldPolicy,
    LossDenominators denominators)
    implements Serializable {
  public GradientRequest {
    Objects.requireNonNull(policy, "policy");
    Objects.requireNonNull(objective, "objective");
    Objects.requireNonNull(oldPolicy, "oldPolicy");
    Objects.requireNonNull(denominators, "denominators");
  }

  /** Where the old log-probabilities of the importance ratio come from. */
  public enum OldPolicy {
    /** The answers are of this very policy: the ratio is 1 and only its derivative counts. */
    CURRENT,
    /** The answers are of an older policy: its log-probabilities, recorded with the answers. */
    RECORDED
  }
}
