package io.medvol.rollout.trajectory;

import io.medvol.data.error.ForeignText;
import io.medvol.data.example.Sample;
import java.io.Serializable;
import java.util.Objects;

/**
 * What became of one sample of a step: a group of scored answers, or a reason why there is none.
 */
public sealed interface RolloutOutcome extends Serializable {
  Sample sample();

  /**
   * The sample could not be rolled out at all, such as an unreadable volume; a failed reward of one
   * answer is not this, but a status in its {@code RewardBreakdown}.
   *
   * @param reason a sentence for the trajectory table
   */
  record Failed(Sample sample, String reason) implements RolloutOutcome {
    public Failed {
      Objects.requireNonNull(sample, "sample");
      reason = ForeignText.line(Objects.requireNonNull(reason, "reason"));
    }
  }

  /** The answers to one sample. */
  record Rolled(TrajectoryGroup group) implements RolloutOutcome {
    public Rolled {
      Objects.requireNonNull(group, "group");
    }

    @Override
    public Sample sample() {
      return group.sample();
    }
  }
}
