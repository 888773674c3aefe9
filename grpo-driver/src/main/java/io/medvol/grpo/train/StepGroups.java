package io.medvol.grpo.train;

import io.medvol.data.error.MedVolException;
import io.medvol.rollout.trajectory.RolloutOutcome;
import io.medvol.rollout.trajectory.SampleFailure;
import io.medvol.rollout.trajectory.Trajectory;
import io.medvol.rollout.trajectory.TrajectoryGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The groups of a step, and the samples that gave none.
 *
 * @param groups those that are learnt from, in the order of the samples
 * @param discarded those that were replaced for want of spread
 * @param failed in the order of the samples
 * @param refills times further prompts were drawn
 */
record StepGroups(
    List<TrajectoryGroup> groups,
    List<TrajectoryGroup> discarded,
    List<RolloutOutcome.Failed> failed,
    int refills) {
  StepGroups {
    groups = List.copyOf(groups);
    discarded = List.copyOf(discarded);
    failed = List.copyOf(failed);
  }

  /**
   * Of a step whose groups are all kept.
   *
   * @param number of the step
   * @throws MedVolException if more than {@code maxFailedShare} of the samples failed
   * @throws IllegalStateException if a group is not of the configured size
   */
  static StepGroups of(
      List<RolloutOutcome> outcomes, int numGenerations, double maxFailedShare, int number) {
    List<TrajectoryGroup> groups = new ArrayList<>();
    List<RolloutOutcome.Failed> failed = new ArrayList<>();
    for (RolloutOutcome outcome : outcomes) {
      if (outcome instanceof RolloutOutcome.Rolled rolled) {
        groups.add(rolled.group().requireSize(numGenerations));
      } else if (outcome instanceof RolloutOutcome.Failed failure) {
        failed.add(failure);
      }
    }
    StepGroups step = new StepGroups(groups, List.of(), failed, 0);
    FailedShare.require(maxFailedShare, step.failures(), step.prompts(), number);
    return step;
  }

  /**
   * Leaves out the groups that are not kept; where none is, they stay, so that the step has its
   * loss and entropy.
   */
  StepGroups keeping(Predicate<TrajectoryGroup> kept, int refillsMade) {
    List<TrajectoryGroup> spread = groups.stream().filter(kept).toList();
    return spread.isEmpty()
        ? new StepGroups(groups, discarded, failed, refillsMade)
        : new StepGroups(
            spread, groups.stream().filter(kept.negate()).toList(), failed, refillsMade);
  }

  /** Samples there are answers to, or none. */
  int prompts() {
    return groups.size() + discarded.size() + failed.size();
  }

  /** Samples that gave no group. */
  List<SampleFailure> failures() {
    return failed.stream().map(one -> new SampleFailure(one.sample().id(), one.reason())).toList();
  }

  Stream<Trajectory> trajectories() {
    return groups.stream().flatMap(group -> group.trajectories().stream());
  }

  /** Tokens of all prompts and answers, a prompt counted with each of its answers, as in TRL. */
  long tokens() {
    return Stream.concat(groups.stream(), discarded.stream())
        .mapToLong(
            group ->
                (long) group.promptTokens() * group.size()
                    + group.trajectories().stream().mapToLong(Trajectory::length).sum())
        .sum();
  }
}
