package io.medvol.grpo.advantage;

import io.medvol.rollout.trajectory.Advantages;
import java.util.List;

/**
 * The advantages of a step.
 *
 * @param groups one for each group, in order
 * @param rewards mean and deviation over all answers that have a reward
 * @param fracRewardZeroStd share of answers in groups (for scale-rewards batch: batches) without
 *     spread
 */
public record AdvantageEstimate(
    List<Advantages> groups, SampleStatistics rewards, double fracRewardZeroStd) {
  public AdvantageEstimate {
    groups = List.copyOf(groups);
  }
}
