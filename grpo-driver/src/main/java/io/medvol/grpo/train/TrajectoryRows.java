package io.medvol.grpo.train;

import io.medvol.grpo.advantage.AdvantageEstimate;
import io.medvol.grpo.config.GrpoConfig;
import io.medvol.grpo.metrics.TrajectoryRecord;
import io.medvol.grpo.metrics.TrajectoryState;
import io.medvol.reward.RewardStatus;
import io.medvol.rollout.trajectory.RolloutOutcome;
import io.medvol.rollout.trajectory.Trajectory;
import io.medvol.rollout.trajectory.TrajectoryGroup;
import io.medvol.rollout.trajectory.TrajectoryKey;
import io.medvol.rollout.trajectory.WeightedGroup;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Says of every trajectory of a step, drawn or not, how it ended. */
final class TrajectoryRows {
  private TrajectoryRows() {}

  static List<TrajectoryRecord> of(
      int step,
      StepGroups groups,
      AdvantageEstimate advantages,
      List<WeightedGroup> learned,
      GrpoConfig config) {
    Set<String> learnedSamples = new HashSet<>();
    learned.forEach(group -> learnedSamples.add(group.group().sample().id()));
    List<TrajectoryRecord> rows = new ArrayList<>();
    for (int g = 0; g < groups.groups().size(); g++) {
      TrajectoryGroup group = groups.groups().get(g);
      boolean used = learnedSamples.contains(group.sample().id());
      for (Trajectory trajectory : group.trajectories()) {
        rows.add(
            new TrajectoryRecord(
                trajectory.key(),
                group.sample(),
                group.promptTokens(),
                group.promptDigest(),
                trajectory,
                advantages.groups().get(g).at(trajectory.key().index()),
                state(trajectory, used)));
      }
    }
    for (RolloutOutcome.Failed failed : groups.failed()) {
      for (int i = 0; i < config.numGenerations(); i++) {
        rows.add(
            new TrajectoryRecord(
                new TrajectoryKey(config.seed(), step, failed.sample().id(), i),
                failed.sample(),
                0,
                "",
                null,
                0,
                new TrajectoryState.Failed(failed.reason())));
      }
    }
    return rows;
  }

  private static TrajectoryState state(Trajectory trajectory, boolean used) {
    if (!trajectory.reward().scorable()) {
      return new TrajectoryState.Failed(reason(trajectory));
    }
    return used ? new TrajectoryState.Used() : new TrajectoryState.DiscardedZeroStd();
  }

  private static String reason(Trajectory trajectory) {
    return trajectory.reward().terms().entrySet().stream()
        .filter(term -> term.getValue().status() != RewardStatus.OK)
        .map(term -> "reward " + term.getKey() + ": " + term.getValue().detail())
        .findFirst()
        .orElse("the reward is not a number");
  }
}
