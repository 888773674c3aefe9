package io.medvol.grpo.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.data.example.VrsSample;
import io.medvol.model.policy.SamplingParams;
import io.medvol.rollout.fixture.LetterScorer;
import io.medvol.rollout.fixture.TinyVolumes;
import io.medvol.rollout.fixture.TinyWorkers;
import io.medvol.rollout.objective.LossDenominators;
import io.medvol.rollout.objective.ObjectiveConfig;
import io.medvol.rollout.trajectory.Advantages;
import io.medvol.rollout.trajectory.GradientSum;
import io.medvol.rollout.trajectory.GroupMeasurement;
import io.medvol.rollout.trajectory.PolicyState;
import io.medvol.rollout.trajectory.RolloutOutcome;
import io.medvol.rollout.trajectory.SampleFailure;
import io.medvol.rollout.trajectory.Trajectory;
import io.medvol.rollout.trajectory.TrajectoryGroup;
import io.medvol.rollout.trajectory.WeightedGroup;
import io.medvol.rollout.worker.DemonstrationLoss;
import io.medvol.rollout.worker.EvaluationOutcome;
import io.medvol.rollout.worker.EvaluationRequest;
import io.medvol.rollout.worker.GradientRequest;
import io.medvol.rollout.worker.RolloutRequest;
import io.medvol.rollout.worker.StepWorkerFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What every {@link StepWorkers} must do: give, bit for bit, what a {@link LocalStepWorkers} with
 * as many partitions gives, any number of times.
 */
public abstract class StepWorkersContract {
  private static final PolicyState POLICY = TinyWorkers.initialPolicy();
  private static final int GROUP = 4;

  /** Workers of this factory over this many partitions. */
  protected abstract StepWorkers open(StepWorkerFactory factory, int partitions);

  @Test
  void rolloutGivesOneOutcomeForEachSampleInOrder() {
    List<VrsSample> samples = samples();
    for (int partitions : new int[] {1, 2, 3, 9}) {
      try (StepWorkers workers = open(factory(), partitions);
          StepWorkers expected = new LocalStepWorkers(factory().open(), 1)) {
        List<RolloutOutcome> outcomes = workers.rollout(rollout(), samples);
        assertThat(outcomes.stream().map(RolloutOutcome::sample)).isEqualTo(samples);
        assertThat(untimed(outcomes)).isEqualTo(untimed(expected.rollout(rollout(), samples)));
        assertThat(untimed(workers.rollout(rollout(), samples))).isEqualTo(untimed(outcomes));
      }
    }
  }

  @Test
  void gradientIsTheSumOfThePartitionsInTheirOrder() {
    for (int partitions : new int[] {1, 2, 3, 9}) {
      try (StepWorkers workers = open(factory(), partitions);
          StepWorkers expected = new LocalStepWorkers(factory().open(), partitions)) {
        List<WeightedGroup> groups = weighted(expected.rollout(rollout(), samples()));
        GradientSum found = workers.gradient(gradient(), groups);
        assertThat(found).isEqualTo(expected.gradient(gradient(), groups));
        assertThat(workers.gradient(gradient(), groups)).isEqualTo(found);
      }
    }
  }

  @Test
  void aGroupWhoseVolumeIsGoneIsLeftOut() {
    SampleFailure gone = new SampleFailure("sample-1", "Volume broken is truncated");
    try (StepWorkers workers = open(factory(), 2);
        StepWorkers expected = new LocalStepWorkers(factory().open(), 2)) {
      List<WeightedGroup> groups =
          new ArrayList<>(weighted(expected.rollout(rollout(), samples())));
      groups.set(1, unreadable(groups.get(1)));
      GradientSum found = workers.gradient(gradient(), groups);
      assertThat(found).isEqualTo(expected.gradient(gradient(), groups));
      assertThat(found.failures()).containsExactly(gone);
      List<GroupMeasurement> measured =
          workers.measure(POLICY, 1, groups.stream().map(WeightedGroup::group).toList());
      assertThat(measured.get(1)).isEqualTo(GroupMeasurement.failed(gone.reason()));
      assertThat(measured.get(0).logProbs()).hasSize(GROUP);
    }
  }

  private static WeightedGroup unreadable(WeightedGroup weighted) {
    TrajectoryGroup group = weighted.group();
    return new WeightedGroup(
        new TrajectoryGroup(
            TinyVolumes.sample(group.sample().id(), "broken", group.sample().target()),
            group.promptTokens(),
            group.promptDigest(),
            group.trajectories()),
        weighted.advantages());
  }

  @Test
  void aPolicyThatAnUpdateDidNotMoveHasItsOwnVersion() {
    try (StepWorkers workers = open(factory(), 2)) {
      for (long version : new long[] {3, 4}) {
        PolicyState policy = new PolicyState(version, POLICY.digest(), POLICY.parameters());
        RolloutRequest request =
            new RolloutRequest(policy, null, 5, 3, GROUP, new SamplingParams(1, 6));
        RolloutOutcome first = workers.rollout(request, TinyVolumes.samples(1)).get(0);
        assertThat(((RolloutOutcome.Rolled) first).group().trajectories())
            .allMatch(trajectory -> trajectory.policyVersion() == version);
      }
    }
  }

  @Test
  void demonstrationsGiveTheSameGradientToo() {
    try (StepWorkers workers = open(factory(), 2);
        StepWorkers expected = new LocalStepWorkers(factory().open(), 2)) {
      GradientSum found = workers.demonstrate(POLICY, samples());
      assertThat(found).isEqualTo(expected.demonstrate(POLICY, samples()));
      assertThat(found.failures())
          .containsExactly(new SampleFailure("unreadable", "Volume broken is truncated"));
    }
  }

  @Test
  void validationGivesOneLossForEachSampleInOrder() {
    try (StepWorkers workers = open(factory(), 3);
        StepWorkers expected = new LocalStepWorkers(factory().open(), 1)) {
      List<DemonstrationLoss> losses = workers.validate(POLICY, samples());
      assertThat(losses).isEqualTo(expected.validate(POLICY, samples()));
      assertThat(losses.get(2)).isEqualTo(DemonstrationLoss.failed("Volume broken is truncated"));
    }
  }

  @Test
  void evaluationGivesOneOutcomeForEachSampleInOrder() {
    EvaluationRequest request = new EvaluationRequest(POLICY, 6, 3, List.of("kidney", "a", "b"));
    try (StepWorkers workers = open(factory(), 2);
        StepWorkers expected = new LocalStepWorkers(factory().open(), 1)) {
      assertThat(workers.evaluate(request, samples()).stream().map(StepWorkersContract::untimed))
          .isEqualTo(
              expected.evaluate(request, samples()).stream()
                  .map(StepWorkersContract::untimed)
                  .toList());
    }
  }

  @Test
  void newPolicyReplacesTheOneBefore() {
    float[] moved = POLICY.parameters().copy();
    moved[1] += 2;
    PolicyState other = PolicyState.of(1, moved);
    try (StepWorkers workers = open(factory(), 2)) {
      List<VrsSample> samples = TinyVolumes.samples(4);
      GradientSum before = workers.demonstrate(POLICY, samples);
      GradientSum after = workers.demonstrate(other, samples);
      assertThat(after).isNotEqualTo(before);
      assertThat(workers.demonstrate(POLICY, samples)).isEqualTo(before);
    }
  }

  private static StepWorkerFactory factory() {
    return new TinyWorkers(LetterScorer.Rule.TARGET_LETTER, 2);
  }

  private static List<VrsSample> samples() {
    List<VrsSample> samples = new ArrayList<>(TinyVolumes.samples(4));
    samples.add(2, TinyVolumes.sample("unreadable", "broken", "a"));
    return samples;
  }

  private static RolloutRequest rollout() {
    return new RolloutRequest(POLICY, POLICY, 5, 3, GROUP, new SamplingParams(1, 6));
  }

  private static GradientRequest gradient() {
    return new GradientRequest(
        POLICY,
        1,
        ObjectiveConfig.defaults().objective(),
        GradientRequest.OldPolicy.CURRENT,
        new LossDenominators(16, 80, 6));
  }

  private static List<WeightedGroup> weighted(List<RolloutOutcome> outcomes) {
    return outcomes.stream()
        .filter(RolloutOutcome.Rolled.class::isInstance)
        .map(outcome -> ((RolloutOutcome.Rolled) outcome).group())
        .map(group -> new WeightedGroup(group, Advantages.of(1, -1, 0.5, -0.5)))
        .toList();
  }

  /** Everything but the wall times. */
  private static List<Object> untimed(List<RolloutOutcome> outcomes) {
    List<Object> facts = new ArrayList<>();
    for (RolloutOutcome outcome : outcomes) {
      if (outcome instanceof RolloutOutcome.Rolled rolled) {
        facts.add(rolled.group().promptDigest());
        for (Trajectory trajectory : rolled.group().trajectories()) {
          facts.add(trajectory.key());
          facts.add(trajectory.completion());
          facts.add(trajectory.reference());
          facts.add(trajectory.reward());
          facts.add(trajectory.policyDigest());
        }
      } else {
        facts.add(outcome);
      }
    }
    return facts;
  }

  private static List<Object> untimed(EvaluationOutcome outcome) {
    List<Object> facts = new ArrayList<>();
    facts.add(outcome.sample());
    facts.add(outcome.completion());
    facts.add(outcome.reward());
    facts.add(outcome.dice());
    facts.add(outcome.measures());
    facts.add(String.valueOf(outcome.masks()));
    facts.add(outcome.failure());
    return facts;
  }
}
