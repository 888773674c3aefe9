package io.medvol.grpo.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.medvol.grpo.advantage.AdvantageEstimate;
import io.medvol.grpo.fixture.TinyRun;
import io.medvol.model.policy.Completion;
import io.medvol.model.policy.FinishReason;
import io.medvol.model.policy.TokenIds;
import io.medvol.model.policy.TokenValues;
import io.medvol.reward.RewardBreakdown;
import io.medvol.reward.RewardValue;
import io.medvol.reward.localisation.AnswerStatus;
import io.medvol.rollout.fixture.TinyVolumes;
import io.medvol.rollout.trajectory.Advantages;
import io.medvol.rollout.trajectory.Trajectory;
import io.medvol.rollout.trajectory.TrajectoryGroup;
import io.medvol.rollout.trajectory.TrajectoryKey;
import io.medvol.rollout.trajectory.TrajectoryTimings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who counts in the baseline of a group whose last answer was cut. */
class StepRewardsTest {
  private static final String MASKED = "objective.mask-truncated-completions=true";

  @ParameterizedTest
  @ValueSource(strings = {"sum-then-normalize", "normalize-then-sum"})
  void aMaskedTruncatedAnswerGivesTheOthersNoAdvantage(String aggregation) {
    StepRewards rewards = rewards(MASKED, "multi-objective-aggregation=" + aggregation);
    TrajectoryGroup group = group(1, 1, 1, 0);
    AdvantageEstimate found = rewards.advantages(List.of(group), 0);
    assertThat(rewards.spread(group)).isFalse();
    assertThat(found.groups().get(0).allZero()).isTrue();
    assertThat(found.fracRewardZeroStd()).isEqualTo(1);
    // The reward that is shown is of all answers.
    assertThat(found.rewards().mean()).isEqualTo(0.75);
  }

  @Test
  void theOthersAreComparedAmongThemselves() {
    Advantages found = rewards(MASKED).advantages(List.of(group(1, 0, 0.5, 0)), 0).groups().get(0);
    assertThat(found.at(0)).isCloseTo(0.5 / (0.5 + 1e-4), within(1e-12));
    assertThat(found.at(2)).isZero();
    assertThat(found.at(3)).isZero();
  }

  @Test
  void aTruncatedAnswerCountsWhereItIsNotMaskedOrTrlsWayIsAskedFor() {
    TrajectoryGroup group = group(1, 1, 1, 0);
    for (StepRewards rewards :
        List.of(rewards(), rewards(MASKED, "truncated-completions-in-baseline=true"))) {
      assertThat(rewards.spread(group)).isTrue();
      Advantages found = rewards.advantages(List.of(group), 0).groups().get(0);
      assertThat(found.at(0)).isCloseTo(0.25 / (0.5 + 1e-4), within(1e-12));
      assertThat(found.at(3)).isCloseTo(-0.75 / (0.5 + 1e-4), within(1e-12));
    }
  }

  private static StepRewards rewards(String... settings) {
    return new StepRewards(TinyRun.config(1, 1, settings), Map.of("match", 1.0));
  }

  private static TrajectoryGroup group(double... rewards) {
    List<Trajectory> trajectories = new ArrayList<>();
    for (int i = 0; i < rewards.length; i++) {
      boolean last = i == rewards.length - 1;
      trajectories.add(
          new Trajectory(
              new TrajectoryKey(0, 0, "s", i),
              0,
              "",
              new Completion(
                  TokenIds.of(1),
                  TokenValues.of(-1),
                  "a",
                  last ? FinishReason.LENGTH : FinishReason.STOP),
              TokenValues.of(-1),
              null,
              new RewardBreakdown(Map.of("match", RewardValue.ok(rewards[i])), rewards[i]),
              AnswerStatus.ANSWERED,
              null,
              "",
              TrajectoryTimings.NONE));
    }
    return new TrajectoryGroup(TinyVolumes.sample("s", "v", "a"), 1, "", trajectories);
  }
}
