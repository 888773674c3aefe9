package io.medvol.rollout.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.medvol.data.example.VrsSample;
import io.medvol.model.policy.EncodedPrompt;
import io.medvol.model.policy.SamplingParams;
import io.medvol.model.policy.TokenIds;
import io.medvol.rollout.fixture.BigramPolicy;
import io.medvol.rollout.fixture.LetterScorer.Rule;
import io.medvol.rollout.fixture.Objectives;
import io.medvol.rollout.fixture.TinyVolumes;
import io.medvol.rollout.fixture.TinyWorkers;
import io.medvol.rollout.objective.LossDenominators;
import io.medvol.rollout.objective.LossType;
import io.medvol.rollout.objective.Objective;
import io.medvol.rollout.prompt.SlicePromptBuilder;
import io.medvol.rollout.prompt.WindowedSlices;
import io.medvol.rollout.trajectory.Advantages;
import io.medvol.rollout.trajectory.GradientShard;
import io.medvol.rollout.trajectory.PolicyState;
import io.medvol.rollout.trajectory.RolloutOutcome;
import io.medvol.rollout.trajectory.Trajectory;
import io.medvol.rollout.trajectory.TrajectoryGroup;
import io.medvol.rollout.trajectory.WeightedGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class PolicyStepWorkerTest {
  private static final PolicyState POLICY = TinyWorkers.initialPolicy();
  private static final int GROUP = 4;

  @Test
  void groupIsTheSameWhoeverDrawsItAndInWhateverCompany() {
    try (StepWorker one = TinyWorkers.learnable().open();
        StepWorker other = TinyWorkers.learnable().open()) {
      List<VrsSample> samples = TinyVolumes.samples(3);
      List<TrajectoryGroup> together = groups(one.rollout(request(null), samples));
      TrajectoryGroup alone = groups(other.rollout(request(null), samples.subList(2, 3))).get(0);
      assertThat(texts(together.get(2))).isEqualTo(texts(alone));
      assertThat(together.get(2).promptDigest()).isEqualTo(alone.promptDigest());
      assertThat(texts(together.get(0))).isNotEqualTo(texts(together.get(1)));
      assertThat(together.get(0).trajectories().stream().map(t -> t.completion().text()))
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void recordedLogProbabilitiesAreThoseOfThePolicyAndReferencesThoseOfTheReference() {
    float[] moved = BigramPolicy.initial();
    moved[0] += 1;
    PolicyState policy = PolicyState.of(3, moved);
    VrsSample sample = TinyVolumes.samples(1).get(0);
    try (StepWorker worker = TinyWorkers.learnable().open();
        BigramPolicy model = new BigramPolicy()) {
      RolloutRequest request =
          new RolloutRequest(policy, POLICY, 7, 0, GROUP, new SamplingParams(0.8, 6));
      Trajectory found =
          groups(worker.rollout(request, List.of(sample))).get(0).trajectories().get(1);
      EncodedPrompt prompt =
          model.encode(
              new SlicePromptBuilder(WindowedSlices.softTissue())
                  .build(sample, new TinyVolumes().open("v")));
      List<TokenIds> tokens = List.of(found.completion().tokens());
      assertThat(found.policyVersion()).isEqualTo(3);
      assertThat(found.policyDigest()).isEqualTo(policy.digest());
      assertThat(found.reference()).contains(model.logProbs(prompt, tokens, 0.8).get(0));
      model.setParameters(moved);
      assertThat(found.completion().logProbs())
          .isEqualTo(model.logProbs(prompt, tokens, 0.8).get(0));
    }
  }

  @Test
  void unreadableVolumeFailsItsSampleOnly() {
    try (StepWorker worker = TinyWorkers.learnable().open()) {
      List<VrsSample> samples =
          List.of(TinyVolumes.sample("s", "broken-1", "a"), TinyVolumes.samples(1).get(0));
      List<RolloutOutcome> outcomes = worker.rollout(request(null), samples);
      assertThat(outcomes.get(0))
          .isEqualTo(new RolloutOutcome.Failed(samples.get(0), "Volume broken-1 is truncated"));
      assertThat(outcomes.get(1)).isInstanceOf(RolloutOutcome.Rolled.class);
    }
  }

  @Test
  void microBatchesChangeNoMoreThanRounding() {
    GradientShard whole = gradient(new TinyWorkers(Rule.TARGET_LETTER, 8), POLICY, objective());
    GradientShard single = gradient(new TinyWorkers(Rule.TARGET_LETTER, 1), POLICY, objective());
    for (int i = 0; i < whole.gradient().length(); i++) {
      assertThat(single.gradient().at(i)).isCloseTo(whole.gradient().at(i), within(1e-6f));
    }
    assertThat(single.sums().loss()).isCloseTo(whole.sums().loss(), within(1e-12));
    assertThat(single.sums().tokens()).isEqualTo(whole.sums().tokens());
  }

  /** The loss of a policy moved along one parameter, by the recorded ratio. */
  @TestFactory
  Stream<DynamicTest> gradientIsTheSlopeOfTheLoss() {
    return Stream.of(LossType.values())
        // the weights of these are detached: no loss has that slope
        .filter(type -> type != LossType.CISPO && type != LossType.VESPO)
        .map(type -> DynamicTest.dynamicTest(type.name(), () -> checkSlope(type)));
  }

  private static void checkSlope(LossType type) {
    Objective objective =
        Objectives.of(
            "loss-type=" + type,
            "importance-sampling-level=" + (type == LossType.LUSPO ? "sequence" : "token"),
            "epsilon-high=0.3",
            "beta=0.1");
    float[] parameters = BigramPolicy.initial();
    parameters[3] += 0.05f;
    float[] gradient =
        gradient(TinyWorkers.learnable(), PolicyState.of(1, parameters), objective)
            .gradient()
            .array();
    float h = 1e-2f;
    for (int i = 0; i < parameters.length; i += 5) {
      double up = lossAt(parameters, i, h, objective);
      double down = lossAt(parameters, i, -h, objective);
      assertThat((up - down) / (2 * h)).as("parameter %d", i).isCloseTo(gradient[i], within(2e-4));
    }
  }

  private static double lossAt(float[] parameters, int index, float by, Objective objective) {
    float[] moved = parameters.clone();
    moved[index] += by;
    return gradient(TinyWorkers.learnable(), PolicyState.of(2, moved), objective).sums().loss();
  }

  @Test
  void crossEntropyGradientIsItsSlope() {
    try (StepWorker worker = TinyWorkers.learnable().open()) {
      List<VrsSample> samples = TinyVolumes.samples(2);
      GradientShard at = worker.demonstrate(POLICY, 0, samples);
      float h = 1e-2f;
      for (int i = 0; i < at.gradient().length(); i += 7) {
        float[] up = POLICY.parameters().copy();
        up[i] += h;
        float[] down = POLICY.parameters().copy();
        down[i] -= h;
        double slope =
            (worker.demonstrate(PolicyState.of(1, up), 0, samples).sums().loss()
                    - worker.demonstrate(PolicyState.of(1, down), 0, samples).sums().loss())
                / (2 * h);
        assertThat(slope).isCloseTo(at.gradient().at(i), within(5e-2));
      }
      assertThat(at.sums().tokens()).isGreaterThan(20);
    }
  }

  @Test
  void evaluationIsGreedyAndCountsBrokenVolumes() {
    try (StepWorker worker = TinyWorkers.learnable().open()) {
      EvaluationRequest request = new EvaluationRequest(POLICY, 5);
      List<VrsSample> samples =
          List.of(TinyVolumes.samples(1).get(0), TinyVolumes.sample("s", "broken", "b"));
      List<EvaluationOutcome> first = worker.evaluate(request, samples);
      List<EvaluationOutcome> again = worker.evaluate(request, samples);
      assertThat(first.get(0).completion()).isEqualTo(again.get(0).completion());
      assertThat(first.get(0).dice()).isZero();
      assertThat(first.get(1).failed()).isTrue();
      assertThat(first.get(1).failure()).contains("truncated");
    }
  }

  private static GradientShard gradient(
      TinyWorkers factory, PolicyState policy, Objective objective) {
    try (StepWorker worker = factory.open()) {
      List<WeightedGroup> weighted = new ArrayList<>();
      for (TrajectoryGroup group :
          groups(worker.rollout(request(POLICY), TinyVolumes.samples(2)))) {
        weighted.add(new WeightedGroup(group, Advantages.of(1.5, -0.5, 0.25, -1.25)));
      }
      GradientRequest request =
          new GradientRequest(
              policy,
              0.8,
              objective,
              GradientRequest.OldPolicy.RECORDED,
              new LossDenominators(8, 40, 6));
      return worker.gradient(request, 0, weighted);
    }
  }

  private static Objective objective() {
    return Objectives.of("beta=0.1", "use-bias-correction-kl=false");
  }

  private static RolloutRequest request(PolicyState reference) {
    return new RolloutRequest(POLICY, reference, 7, 0, GROUP, new SamplingParams(0.8, 6));
  }

  private static List<TrajectoryGroup> groups(List<RolloutOutcome> outcomes) {
    return outcomes.stream().map(outcome -> ((RolloutOutcome.Rolled) outcome).group()).toList();
  }

  private static List<String> texts(TrajectoryGroup group) {
    return group.trajectories().stream().map(t -> t.completion().text()).toList();
  }
}
