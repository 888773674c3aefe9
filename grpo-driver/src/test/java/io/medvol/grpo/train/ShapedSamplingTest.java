package io.medvol.grpo.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.data.example.VrsSample;
import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.policy.Completion;
import io.medvol.model.policy.FinishReason;
import io.medvol.model.policy.SamplingParams;
import io.medvol.model.policy.TrainableParameters;
import io.medvol.model.qwen.QwenPolicy;
import io.medvol.model.tiny.TinyPolicyConfig;
import io.medvol.model.tiny.TinyQwen3Vl;
import io.medvol.rollout.fixture.BoxPropagator;
import io.medvol.rollout.fixture.LetterScorer;
import io.medvol.rollout.fixture.TinyVolumes;
import io.medvol.rollout.objective.LossDenominators;
import io.medvol.rollout.objective.ObjectiveConfig;
import io.medvol.rollout.objective.SamplingDrift;
import io.medvol.rollout.prompt.SlicePromptBuilder;
import io.medvol.rollout.prompt.WindowedSlices;
import io.medvol.rollout.task.LocalisationTask;
import io.medvol.rollout.trajectory.Advantages;
import io.medvol.rollout.trajectory.GradientShard;
import io.medvol.rollout.trajectory.PolicyState;
import io.medvol.rollout.trajectory.RolloutOutcome;
import io.medvol.rollout.trajectory.Trajectory;
import io.medvol.rollout.trajectory.TrajectoryGroup;
import io.medvol.rollout.trajectory.WeightedGroup;
import io.medvol.rollout.worker.GradientRequest;
import io.medvol.rollout.worker.GradientRequest.OldPolicy;
import io.medvol.rollout.worker.PolicyStepWorker;
import io.medvol.rollout.worker.RolloutRequest;
import io.medvol.rollout.worker.RolloutRequest.OldLogProbs;
import io.medvol.rollout.worker.StepWorker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a draw records and what the ratio reads, with a real network, shaped by options or not. */
class ShapedSamplingTest {
  private static final double TEMPERATURE = 0.8;
  private static final SamplingParams SHAPED =
      new SamplingParams(TEMPERATURE, 12)
          .withTopP(0.9)
          .withTopK(40)
          .withMinP(0.02)
          .withRepetitionPenalty(1.3)
          .withMinNewTokens(3);

  @TempDir private static Path folder;
  private static StepWorker worker;
  private static PolicyState policy;

  @BeforeAll
  static void open() throws IOException {
    ModelDirectory model =
        TinyQwen3Vl.write(
            TinyPolicyConfig.defaults(3).withPhrases(SlicePromptBuilder.fixedTexts()), folder);
    QwenPolicy network = QwenPolicy.load(model, TrainableParameters.LANGUAGE_MODEL);
    policy = PolicyState.of(0, network.parameters());
    worker =
        new PolicyStepWorker(
            network,
            new LocalisationTask(
                new TinyVolumes(),
                new SlicePromptBuilder(WindowedSlices.softTissue()),
                new LetterScorer(LetterScorer.Rule.NOISE),
                new BoxPropagator()),
            2);
  }

  @AfterAll
  static void close() {
    worker.close();
  }

  private static List<Trajectory> draw(SamplingParams sampling) {
    return group(sampling).trajectories();
  }

  private static TrajectoryGroup group(SamplingParams sampling) {
    return group(sampling, OldLogProbs.AS_DECODED);
  }

  private static TrajectoryGroup group(SamplingParams sampling, OldLogProbs old) {
    VrsSample sample = TinyVolumes.samples(1).get(0);
    RolloutRequest request = new RolloutRequest(policy, policy, 7, 0, 3, sampling, old);
    return ((RolloutOutcome.Rolled) worker.rollout(request, List.of(sample)).get(0)).group();
  }

  @Test
  void theRatioOfAnUnchangedPolicyIsExactlyOne() {
    List<WeightedGroup> groups =
        List.of(new WeightedGroup(group(SHAPED), Advantages.of(1, -0.25, -0.75)));
    assertThat(worker.gradient(request(OldPolicy.RECORDED), 0, groups))
        .isEqualTo(worker.gradient(request(OldPolicy.CURRENT), 0, groups));
  }

  @Test
  void theRatioOfAScoredDrawIsExactlyOneThoughDecodingRoundsOtherwise() {
    TrajectoryGroup drawn = group(new SamplingParams(TEMPERATURE, 12), OldLogProbs.SCORED);
    List<WeightedGroup> groups = List.of(new WeightedGroup(drawn, Advantages.of(1, -0.25, -0.75)));
    GradientShard recorded = worker.gradient(request(OldPolicy.RECORDED), 0, groups);
    assertThat(recorded).isEqualTo(worker.gradient(request(OldPolicy.CURRENT), 0, groups));
    SamplingDrift gap = recorded.sums().decoding();
    assertThat(gap.tokens()).isEqualTo(recorded.sums().tokens());
    assertThat(gap.largestDifference()).isPositive().isLessThan(1e-4);
    assertThat(gap.meanDifference()).isLessThanOrEqualTo(gap.largestDifference());
  }

  @Test
  void theDistanceToDecodingIsMeasuredWithoutScoringToo() {
    TrajectoryGroup drawn = group(new SamplingParams(TEMPERATURE, 12));
    List<WeightedGroup> groups = List.of(new WeightedGroup(drawn, Advantages.of(1, -0.25, -0.75)));
    SamplingDrift gap = worker.gradient(request(OldPolicy.CURRENT), 0, groups).sums().decoding();
    assertThat(gap.largestDifference()).isPositive().isLessThan(1e-4);
  }

  private static GradientRequest request(OldPolicy old) {
    return new GradientRequest(
        policy,
        TEMPERATURE,
        ObjectiveConfig.defaults().objective(),
        old,
        new LossDenominators(3, 30, 12));
  }

  @Test
  void bothDistributionsAreRecorded() {
    for (Trajectory trajectory : draw(SHAPED)) {
      assertThat(trajectory.completion().logProbs()).isNotEqualTo(trajectory.oldLogProbs());
      assertThat(trajectory.reference()).contains(trajectory.oldLogProbs());
    }
    for (Trajectory trajectory : draw(new SamplingParams(TEMPERATURE, 12))) {
      assertThat(trajectory.oldLogProbs()).isSameAs(trajectory.completion().logProbs());
    }
  }

  @Test
  void aStopStringEndsAnAnswerThatWouldHaveGoneOn() {
    List<Completion> free = completions(new SamplingParams(TEMPERATURE, 12));
    String text = free.get(0).text();
    String stop = text.substring(1, 3);
    List<Completion> stopped =
        completions(new SamplingParams(TEMPERATURE, 12).withStopStrings(List.of(stop)));
    assertThat(stopped.get(0).text()).contains(stop);
    assertThat(text).startsWith(stopped.get(0).text()).isNotEqualTo(stopped.get(0).text());
    assertThat(stopped.get(0).finishReason()).isEqualTo(FinishReason.STOP);
  }

  private static List<Completion> completions(SamplingParams sampling) {
    return draw(sampling).stream().map(Trajectory::completion).toList();
  }
}
