package io.medvol.grpo.train;

import io.medvol.grpo.advantage.AdvantageEstimate;
import io.medvol.grpo.step.Partitions;
import io.medvol.rollout.objective.LossDenominators;
import io.medvol.rollout.objective.Objective;
import io.medvol.rollout.trajectory.Advantages;
import io.medvol.rollout.trajectory.SampleFailure;
import io.medvol.rollout.trajectory.Trajectory;
import io.medvol.rollout.trajectory.TrajectoryGroup;
import io.medvol.rollout.trajectory.WeightedGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The groups of one update.
 *
 * @param groups all of them, also those without spread
 * @param denominators global counts
 * @param failures groups that are not among them, though they count
 */
record UpdateBatch(
    List<WeightedGroup> groups, LossDenominators denominators, List<SampleFailure> failures) {
  UpdateBatch {
    groups = List.copyOf(groups);
    failures = List.copyOf(failures);
  }

  /**
   * Cuts a step into updates, groups kept whole and in order; fewer where there are fewer groups.
   *
   * @param updates wanted
   */
  static List<UpdateBatch> cut(
      StepGroups step,
      AdvantageEstimate advantages,
      Objective objective,
      int updates,
      int maxCompletionLength) {
    List<WeightedGroup> all =
        IntStream.range(0, step.groups().size())
            .mapToObj(g -> new WeightedGroup(step.groups().get(g), advantages.groups().get(g)))
            .toList();
    List<List<WeightedGroup>> parts = Partitions.cut(all, updates);
    double stepTokens = tokens(all, objective) / (double) Math.max(1, parts.size());
    List<UpdateBatch> batches = new ArrayList<>();
    for (List<WeightedGroup> part : parts) {
      long answers = part.stream().mapToLong(group -> group.group().size()).sum();
      batches.add(
          new UpdateBatch(
              part,
              new LossDenominators(
                  answers, tokens(part, objective), stepTokens, maxCompletionLength),
              List.of()));
    }
    return batches;
  }

  private static long tokens(List<WeightedGroup> groups, Objective objective) {
    return groups.stream()
        .flatMap(group -> group.group().trajectories().stream())
        .filter(trajectory -> trajectory.countsIn(objective))
        .mapToLong(Trajectory::length)
        .sum();
  }

  /**
   * Whether there is no token that counts, such as where every answer was cut and cut answers are
   * masked.
   */
  boolean empty() {
    return groups.isEmpty() || denominators.tokens() == 0;
  }

  /**
   * A group whose advantages are all 0 moves the policy only through a KL term. It still goes
   * through the network, since metrics are over all tokens; workers skip its backward pass.
   */
  static boolean teaches(Advantages advantages, Objective objective) {
    return objective.hasKlLoss() || !advantages.allZero();
  }

  List<TrajectoryGroup> trajectoryGroups() {
    return groups.stream().map(WeightedGroup::group).toList();
  }
}
