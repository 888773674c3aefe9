package io.medvol.grpo.train;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.grpo.advantage.AdvantageEstimate;
import io.medvol.rollout.objective.LossDenominators;
import io.medvol.rollout.objective.Objective;
import io.medvol.rollout.trajectory.Advantages;
import io.medvol.rollout.trajectory.RolloutOutcome;
import io.medvol.rollout.trajectory.Trajectory;
import io.medvol.rollout.trajectory.TrajectoryGroup;
import io.medvol.rollout.trajectory.WeightedGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The groups of a step, and the samples that gave none.
 *
 * @param groups in the order of the samples
 * @param failed in the order of the samples
 */
record StepGroups(List<TrajectoryGroup> groups, List<RolloutOutcome.Failed> failed) {
  StepGroups {
    groups = List.copyOf(groups);
    failed = List.copyOf(failed);
  }

  /**
   * @throws MedVolException if more than {@code maxFailedShare} of the samples failed
   * @throws IllegalStateException if a group is not of the configured size
   */
  static StepGroups of(
      List<RolloutOutcome> outcomes, int numGenerations, double maxFailedShare, int step) {
    List<TrajectoryGroup> groups = new ArrayList<>();
    List<RolloutOutcome.Failed> failed = new ArrayList<>();
    for (RolloutOutcome outcome : outcomes) {
      if (outcome instanceof RolloutOutcome.Rolled rolled) {
        groups.add(rolled.group().requireSize(numGenerations));
      } else if (outcome instanceof RolloutOutcome.Failed failure) {
        failed.add(failure);
      }
    }
    if (failed.size() > maxFailedShare * outcomes.size()) {
      throw new MedVolException(
          ErrorCode.MALFORMED_DATA,
          "At step "
              + step
              + ", "
              + failed.size()
              + " of "
              + outcomes.size()
              + " prompts failed, more than max-failed-share "
              + maxFailedShare
              + " allows. The first: sample "
              + failed.get(0).sample().id()
              + ": "
              + failed.get(0).reason());
    }
    return new StepGroups(groups, failed);
  }

  Stream<Trajectory> trajectories() {
    return groups.stream().flatMap(group -> group.trajectories().stream());
  }

  /** {@code [group][answer]}; NaN where missing. */
  double[][] rewards() {
    return groups.stream()
        .map(
            group ->
                group.trajectories().stream()
                    .mapToDouble(trajectory -> trajectory.reward().total())
                    .toArray())
        .toArray(double[][]::new);
  }

  /**
   * The groups the gradient is taken over: those that teach something; the tokens of the others
   * still count. Where none does, all are taken: the gradient is 0, but the step has its loss,
   * entropy and momentum as it would in TRL.
   */
  List<WeightedGroup> weighted(AdvantageEstimate advantages, Objective objective) {
    List<WeightedGroup> all =
        IntStream.range(0, groups.size())
            .mapToObj(g -> new WeightedGroup(groups.get(g), advantages.groups().get(g)))
            .toList();
    List<WeightedGroup> teaching =
        all.stream().filter(group -> teaches(group.advantages(), objective)).toList();
    return teaching.isEmpty() ? all : teaching;
  }

  /** A group whose advantages are all 0 moves the policy only through a KL term. */
  static boolean teaches(Advantages advantages, Objective objective) {
    return objective.hasKlLoss() || !advantages.allZero();
  }

  LossDenominators denominators(Objective objective, int maxCompletionLength) {
    long tokens =
        trajectories()
            .filter(trajectory -> trajectory.countsIn(objective))
            .mapToLong(Trajectory::length)
            .sum();
    return new LossDenominators(trajectories().count(), tokens, maxCompletionLength);
  }

  /** Tokens of all prompts and answers, a prompt counted with each of its answers, as in TRL. */
  long tokens() {
    return groups.stream()
        .mapToLong(
            group ->
                (long) group.promptTokens() * group.size()
                    + group.trajectories().stream().mapToLong(Trajectory::length).sum())
        .sum();
  }
}
