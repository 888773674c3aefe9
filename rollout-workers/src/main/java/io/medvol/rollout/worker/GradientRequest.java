package io.medvol.rollout.worker;

import io.medvol.rollout.objective.LossDenominators;
import io.medvol.rollout.objective.Objective;
import io.medvol.rollout.objective.UpdateScope;
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
 * @param drawnBy which policy drew the answers
 * @param scope what the loss needs to know of the whole update
 */
public record GradientRequest(
    PolicyState policy,
    double temperature,
    Objective objective,
    OldPolicy oldPolicy,
    DrawnBy drawnBy,
    UpdateScope scope)
    implements Serializable {
  public GradientRequest {
    Objects.requireNonNull(policy, "policy");
    Objects.requireNonNull(objective, "objective");
    Objects.requireNonNull(oldPolicy, "oldPolicy");
    Objects.requireNonNull(drawnBy, "drawnBy");
    Objects.requireNonNull(scope, "scope");
  }

  /** Answers of the old policy itself; every token is learnt from. */
  public GradientRequest(
      PolicyState policy,
      double temperature,
      Objective objective,
      OldPolicy oldPolicy,
      LossDenominators denominators) {
    this(
        policy,
        temperature,
        objective,
        oldPolicy,
        DrawnBy.OLD_POLICY,
        UpdateScope.of(denominators));
  }

  /** Where the old log-probabilities of the importance ratio come from. */
  public enum OldPolicy {
    /** The answers are of this very policy: the ratio is 1 and only its derivative counts. */
    CURRENT,
    /** The answers are of an older policy: its log-probabilities, recorded with the answers. */
    RECORDED,
    /** The log-probabilities measured when the updates of this step began. */
    MEASURED
  }

  /** Which policy drew the answers. */
  public enum DrawnBy {
    OLD_POLICY,
    /** One before the old policy: the recorded log-probabilities weight each answer. */
    OLDER_POLICY
  }
}
