package io.medvol.grpo.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.medvol.grpo.advantage.AdvantageEstimate;
import io.medvol.grpo.advantage.SampleStatistics;
import io.medvol.model.policy.Completion;
import io.medvol.model.policy.FinishReason;
import io.medvol.model.policy.TokenIds;
import io.medvol.model.policy.TokenValues;
import io.medvol.reward.RewardBreakdown;
import io.medvol.reward.localisation.AnswerStatus;
import io.medvol.rollout.fixture.Objectives;
import io.medvol.rollout.fixture.TinyVolumes;
import io.medvol.rollout.objective.LossDenominators;
import io.medvol.rollout.objective.ObjectiveConfig;
import io.medvol.rollout.trajectory.Advantages;
import io.medvol.rollout.trajectory.RolloutOutcome;
import io.medvol.rollout.trajectory.Trajectory;
import io.medvol.rollout.trajectory.TrajectoryGroup;
import io.medvol.rollout.trajectory.TrajectoryKey;
import io.medvol.rollout.trajectory.TrajectoryTimings;
import io.medvol.testing.Golden;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Which tokens TRL counts, with and without answers that were cut at the limit. */
@Tag("parity")
class CompletionMaskParityTest {
  @TestFactory
  Stream<DynamicTest> tokensOfAnUpdate() {
    Path file = Golden.find("grpo/advantages.json").orElse(null);
    Assumptions.assumeTrue(file != null, "The given set has no grpo/advantages.json");
    JsonNode meta = Golden.json(file);
    List<DynamicTest> tests = new ArrayList<>();
    meta.get("masks")
        .fieldNames()
        .forEachRemaining(
            name ->
                tests.add(
                    DynamicTest.dynamicTest(
                        name,
                        () -> check(meta, meta.get("masks").get(name), name.startsWith("mask")))));
    assertThat(tests).isNotEmpty();
    return tests.stream();
  }

  private static void check(JsonNode meta, JsonNode expected, boolean maskTruncated) {
    ObjectiveConfig objective = Objectives.config("mask-truncated-completions=" + maskTruncated);
    TrajectoryGroup group = group(meta);
    StepGroups groups =
        StepGroups.of(List.of(new RolloutOutcome.Rolled(group)), group.size(), 0, 0);
    AdvantageEstimate advantages =
        new AdvantageEstimate(
            List.of(Advantages.of(new double[group.size()])),
            SampleStatistics.of(new double[0]),
            0);
    LossDenominators found =
        UpdateBatch.cut(groups, advantages, objective.objective(), 1, 10).get(0).denominators();
    assertThat(found.tokens()).isEqualTo(expected.get("num_items_in_batch").asDouble());
    assertThat(found.stepTokens()).isEqualTo(found.tokens());
    assertThat(found.sequences()).isEqualTo(group.size());
  }

  private static TrajectoryGroup group(JsonNode meta) {
    List<Trajectory> trajectories = new ArrayList<>();
    for (JsonNode ids : meta.get("completions")) {
      int[] tokens = new int[ids.size()];
      for (int t = 0; t < tokens.length; t++) {
        tokens[t] = ids.get(t).asInt();
      }
      int last = tokens[tokens.length - 1];
      boolean ended =
          last == meta.get("eos_token_id").asInt() || last == meta.get("pad_token_id").asInt();
      trajectories.add(
          new Trajectory(
              new TrajectoryKey(0, 0, "s", trajectories.size()),
              0,
              "",
              new Completion(
                  TokenIds.of(tokens),
                  TokenValues.of(new double[tokens.length]),
                  "",
                  ended ? FinishReason.STOP : FinishReason.LENGTH),
              TokenValues.of(new double[tokens.length]),
              null,
              new RewardBreakdown(Map.of(), 0),
              AnswerStatus.UNPARSABLE,
              null,
              "",
              TrajectoryTimings.NONE));
    }
    return new TrajectoryGroup(TinyVolumes.sample("s", "v", "a"), 1, "", trajectories);
  }
}
