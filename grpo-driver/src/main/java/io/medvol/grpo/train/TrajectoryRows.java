package io.medvol.grpo.train;

import io.medvol.grpo.advantage.AdvantageEstimate;
import io.medvol.grpo.config.GrpoConfig;
import io.medvol.grpo.metrics.TrajectoryRecord;
import io.medvol.grpo.metrics.TrajectoryState;
import io.medvol.reward.RewardStatus;
import io.medvol.rollout.objective.Objective;
import io.medvol.rollout.trajectory.RolloutOutcome;
import io.medvol.rollout.trajectory.SampleFailure;
import io.medvol.rollout.trajectory.Trajectory;
import io.medvol.rollout.trajectory.TrajectoryGroup;
import io.medvol.rollout.trajectory.TrajectoryKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Says of every trajectory of a step, drawn or not, how it ended. */
final class TrajectoryRows {
  private TrajectoryRows() {}

  /**
   * @param failures of samples whose groups were drawn, but which an update had to do without
   */
  static List<TrajectoryRecord> of(
      int step,
      StepGroups groups,
      AdvantageEstimate advantages,
      List<SampleFailure> failures,
      Objective objective,
      GrpoConfig config) {
    Map<String, String> reasons = new HashMap<>();
    failures.forEach(failure -> reasons.putIfAbsent(failure.sampleId(), failure.reason()));
    List<TrajectoryRecord> rows = new ArrayList<>();
    for (int g = 0; g < groups.groups().size(); g++) {
      TrajectoryGroup group = groups.groups().get(g);
      boolean used = UpdateBatch.teaches(advantages.groups().get(g), objective);
      String failure = reasons.get(group.sample().id());
      for (Trajectory trajectory : group.trajectories()) {
        rows.add(
            new TrajectoryRecord(
                trajectory.key(),
                group.sample(),
                group.promptTokens(),
                group.promptDigest(),
                trajectory,
                advantages.groups().get(g).at(trajectory.key().index()),
                failure == null ? state(trajectory, used) : new TrajectoryState.Failed(failure)));
      }
    }
    for (TrajectoryGroup group : groups.discarded()) {
      for (Trajectory trajectory : group.trajectories()) {
        rows.add(
            new TrajectoryRecord(
                trajectory.key(),
                group.sample(),
                group.promptTokens(),
                group.promptDigest(),
                trajectory,
                0,
                state(trajectory, false)));
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
    if (!StepRewards.scorable(trajectory)) {
      return new TrajectoryState.Failed(reason(trajectory));
    }
    return used ? new TrajectoryState.Used() : new TrajectoryState.DiscardedZeroStd();
  }

  private static String reason(Trajectory trajectory) {
    return trajectory.reward().terms().entrySet().stream()
        .filter(term -> term.getValue().status() != RewardStatus.OK)
        .map(term -> "reward " + term.getKey() + ": " + term.getValue().detail())
        .findFirst()
        .orElse("the reward is no number that can be compared");
  }
}
