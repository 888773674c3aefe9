package io.medvol.grpo.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.error.MedVolException;
import io.medvol.data.example.Sample;
import io.medvol.grpo.config.GrpoConfig;
import io.medvol.grpo.fixture.ForwardingWorker;
import io.medvol.grpo.fixture.ListedTrajectories;
import io.medvol.grpo.fixture.RunFiles;
import io.medvol.grpo.fixture.TinyRun;
import io.medvol.grpo.metrics.TrajectoryState;
import io.medvol.rollout.fixture.LetterScorer.Rule;
import io.medvol.rollout.fixture.TinyWorkers;
import io.medvol.rollout.objective.ObjectiveSums;
import io.medvol.rollout.trajectory.GradientShard;
import io.medvol.rollout.trajectory.RolloutOutcome;
import io.medvol.rollout.trajectory.WeightedGroup;
import io.medvol.rollout.worker.GradientRequest;
import io.medvol.rollout.worker.RolloutRequest;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that goes wrong says so: a counted skip, and after too many in a row a named error. */
class DivergenceTest {
  @TempDir Path folder;

  @Test
  void lossThatIsNotFiniteIsSkippedCountedAndThenEndsTheRun() {
    GrpoConfig config = TinyRun.config(9, 1);
    assertThatThrownBy(
            () -> TinyRun.train(config, LossWorker::new, folder, new ListedTrajectories()))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("3 updates in a row were skipped, the last at step 2")
        .hasMessageContaining("the loss is not finite");
    assertThat(RunFiles.metrics(folder).get(1).get("skipped_updates").asInt()).isEqualTo(2);
    assertThat(RunFiles.metrics(folder).get(1).get("policy_digest").asText())
        .isEqualTo(TinyWorkers.initialPolicy().digest());
  }

  @Test
  void explodingParametersAreSkippedNotWritten() {
    GrpoConfig config = TinyRun.config(9, 1, "optimizer.learning-rate=1e39");
    assertThatThrownBy(
            () -> TinyRun.train(config, TinyWorkers.learnable(), folder, new ListedTrajectories()))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("the step it would make, is not finite");
  }

  @Test
  void stepWhoseAnswersAreAllMaskedIsASkip() {
    // answers of one token end in a letter or an end; masked where they were cut
    GrpoConfig config =
        TinyRun.config(
            9,
            1,
            "sampling.max-completion-length=1",
            "sampling.min-new-tokens=1",
            "sampling.temperature=0.01",
            "objective.mask-truncated-completions=true",
            "optimizer.max-skipped-updates=2");
    assertThatThrownBy(
            () -> TinyRun.train(config, TinyWorkers.learnable(), folder, new ListedTrajectories()))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("2 updates in a row were skipped")
        .hasMessageContaining("no token of it counts");
  }

  @Test
  void stepWithoutAnyGroupIsASkip() {
    GrpoConfig config =
        TinyRun.config(9, 1, "max-failed-share=1", "optimizer.max-skipped-updates=2");
    assertThatThrownBy(
            () -> TinyRun.train(config, NothingWorker::new, folder, new ListedTrajectories()))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("no token of it counts");
    assertThat(RunFiles.metrics(folder).get(0).get("failed_prompts").asInt()).isEqualTo(3);
    assertThat(RunFiles.metrics(folder).get(0).get("skipped_updates").asInt()).isEqualTo(1);
  }

  @Test
  void rewardsWithoutSpreadEndTheRunAfterTooManySteps() {
    GrpoConfig config = TinyRun.config(9, 1, "max-degenerate-steps=3");
    assertThatThrownBy(
            () ->
                TinyRun.train(
                    config, new TinyWorkers(Rule.CONSTANT, 8), folder, new ListedTrajectories()))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("for 3 steps in a row, the last step 2")
        .hasMessageContaining("dynamic-sample");
    assertThat(RunFiles.metrics(folder)).hasSize(2);
  }

  @Test
  void aFirstStepWithoutOneCompletionThatCanBeParsedSaysWhatToDoOnce() {
    GrpoConfig config = TinyRun.config(3, 1);
    TinyRun.train(config, new TinyWorkers(Rule.UNPARSABLE, 8), folder, new ListedTrajectories());
    assertThat(RunFiles.metrics(folder).get(0).get("warning").asText())
        .startsWith("After step 1 no completion can be parsed: 24 of 24 completions")
        .contains("medvol sft");
    assertThat(RunFiles.metrics(folder).get(1).has("warning")).isFalse();
  }

  @Test
  void rewardsThatAllFailTeachNothingAndAreCounted() {
    ListedTrajectories rows = new ListedTrajectories();
    GrpoConfig config = TinyRun.config(9, 1, "max-degenerate-steps=2");
    assertThatThrownBy(() -> TinyRun.train(config, new TinyWorkers(Rule.FAILS, 8), folder, rows))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("no group had answers of different rewards");
    assertThat(RunFiles.metrics(folder).get(0).get("failed_rewards").asInt()).isEqualTo(24);
    assertThat(RunFiles.metrics(folder).get(0).has("reward")).isFalse();
    assertThat(rows.step(0))
        .allSatisfy(
            row ->
                assertThat(row.state())
                    .isEqualTo(new TrajectoryState.Failed("reward match: no segmenter")));
  }

  /** Its loss is infinite, its gradient is not. */
  private static final class LossWorker extends ForwardingWorker {
    LossWorker() {
      super(TinyWorkers.learnable());
    }

    @Override
    public GradientShard gradient(
        GradientRequest request, int partition, List<WeightedGroup> groups) {
      GradientShard shard = super.gradient(request, partition, groups);
      ObjectiveSums sums = shard.sums();
      return new GradientShard(
          partition,
          shard.gradient(),
          new ObjectiveSums(
              Double.POSITIVE_INFINITY,
              sums.tokens(),
              sums.sequences(),
              sums.kl(),
              sums.entropy(),
              sums.clips(),
              sums.drift(),
              sums.decoding(),
              0,
              0));
    }
  }

  /** It can read nothing. */
  private static final class NothingWorker extends ForwardingWorker {
    NothingWorker() {
      super(TinyWorkers.learnable());
    }

    @Override
    public List<RolloutOutcome> rollout(RolloutRequest request, List<? extends Sample> samples) {
      return samples.stream()
          .<RolloutOutcome>map(sample -> new RolloutOutcome.Failed(sample, "unreadable"))
          .toList();
    }
  }
}
