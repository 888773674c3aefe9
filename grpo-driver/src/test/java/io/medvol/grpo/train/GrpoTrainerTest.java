package io.medvol.grpo.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.medvol.data.error.MedVolException;
import io.medvol.data.example.Sample;
import io.medvol.data.storage.LocalStorage;
import io.medvol.grpo.checkpoint.TrainingState;
import io.medvol.grpo.config.GrpoConfig;
import io.medvol.grpo.fixture.ForwardingWorker;
import io.medvol.grpo.fixture.ListedTrajectories;
import io.medvol.grpo.fixture.TinyRun;
import io.medvol.grpo.metrics.JsonLinesMetrics;
import io.medvol.grpo.metrics.TrajectoryRecord;
import io.medvol.grpo.metrics.TrajectoryState;
import io.medvol.grpo.step.LocalStepWorkers;
import io.medvol.grpo.step.StepWorkers;
import io.medvol.rollout.fixture.BigramPolicy;
import io.medvol.rollout.fixture.LetterScorer.Rule;
import io.medvol.rollout.fixture.TinyVolumes;
import io.medvol.rollout.fixture.TinyWorkers;
import io.medvol.rollout.objective.LossType;
import io.medvol.rollout.trajectory.FloatVector;
import io.medvol.rollout.trajectory.GradientShard;
import io.medvol.rollout.trajectory.RolloutOutcome;
import io.medvol.rollout.trajectory.WeightedGroup;
import io.medvol.rollout.worker.GradientRequest;
import io.medvol.rollout.worker.RolloutRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrpoTrainerTest {
  @TempDir Path folder;

  @Test
  void rewardRises() {
    train(TinyRun.config(40, 2), TinyWorkers.learnable(), folder);
    assertThat(reward(folder, 35, 40) - reward(folder, 0, 5)).isGreaterThan(0.2);
  }

  @Test
  void everyLossTypeLearnsOffPolicyWithKl() {
    for (LossType type : LossType.values()) {
      Path run = folder.resolve(type.name());
      GrpoConfig config =
          TinyRun.config(
              25,
              1,
              "num-iterations=2",
              "objective.loss-type=" + type,
              "objective.epsilon-high=" + (type == LossType.CISPO ? 2.0 : 0.28),
              "objective.beta=0.01");
      train(config, TinyWorkers.learnable(), run);
      assertThat(reward(run, 20, 25) - reward(run, 0, 5)).as(type.name()).isGreaterThan(0.03);
      assertThat(metrics(run).get(24).get("kl").asDouble()).as(type.name()).isPositive();
    }
  }

  @Test
  void interruptedRunEndsWithTheBytesOfAnUninterruptedOne() {
    GrpoConfig config = TinyRun.config(5, 2);
    Path whole = folder.resolve("whole");
    Path cut = folder.resolve("cut");
    ListedTrajectories wholeRows = train(config, TinyWorkers.learnable(), whole);
    ListedTrajectories cutRows = new ListedTrajectories();
    // the worker dies in step 3, after the checkpoint of step 2 and the rows of step 2
    assertThatThrownBy(() -> TinyRun.train(config, () -> new DyingWorker(3), cut, cutRows))
        .hasMessage("the executor died");
    assertThat(metrics(cut)).hasSize(3);
    TrainingState end = TinyRun.train(config, TinyWorkers.learnable(), cut, cutRows);
    assertThat(end.step()).isEqualTo(5);
    assertThat(bytes(cut.resolve("checkpoints"))).isEqualTo(bytes(whole.resolve("checkpoints")));
    assertThat(withoutTimes(metrics(cut))).isEqualTo(withoutTimes(metrics(whole)));
    assertThat(cutRows.all().stream().map(TrajectoryRecord::key))
        .containsExactlyElementsOf(wholeRows.all().stream().map(TrajectoryRecord::key).toList());
  }

  @Test
  void finishedRunIsLeftAsItIs() {
    GrpoConfig config = TinyRun.config(2, 1);
    train(config, TinyWorkers.learnable(), folder);
    Map<String, String> before = bytes(folder);
    train(config, TinyWorkers.learnable(), folder);
    assertThat(bytes(folder)).isEqualTo(before);
  }

  @Test
  void numberOfPartitionsChangesNoMoreThanRounding() {
    float[] one = parameters(TinyRun.config(4, 1), folder.resolve("1"));
    float[] three = parameters(TinyRun.config(4, 3), folder.resolve("3"));
    for (int i = 0; i < one.length; i++) {
      assertThat(three[i]).isCloseTo(one[i], within(2e-4f));
    }
  }

  private static float[] parameters(GrpoConfig config, Path run) {
    return TinyRun.train(config, TinyWorkers.learnable(), run, new ListedTrajectories())
        .policy()
        .parameters()
        .array();
  }

  @Test
  void groupsWithoutSpreadAreDiscardedAndLeaveWeightDecayAlone() {
    ListedTrajectories rows = new ListedTrajectories();
    TrainingState end =
        TinyRun.train(TinyRun.config(2, 1), new TinyWorkers(Rule.CONSTANT, 8), folder, rows);
    float[] before = TinyWorkers.initialPolicy().parameters().array();
    float[] after = end.policy().parameters().array();
    for (int i = 0; i < before.length; i++) {
      // rate 0 in the first step of the warm-up, half of 0.05 in the second, decay 0.01: a share of
      // 0.025 * 0.01 of each weight, and nothing of a bias
      assertThat(after[i]).isIn(before[i], (float) (before[i] * (1 - 0.025 * 0.01)));
    }
    assertThat(rows.all()).hasSize(2 * 3 * 8);
    assertThat(rows.all())
        .allSatisfy(
            row -> assertThat(row.state()).isEqualTo(new TrajectoryState.DiscardedZeroStd()));
    assertThat(metrics(folder).get(0).get("frac_reward_zero_std").asDouble()).isEqualTo(1);
    assertThat(metrics(folder).get(0).get("loss").asDouble()).isZero();
    assertThat(metrics(folder).get(0).get("grad_norm").asDouble()).isZero();
    assertThat(metrics(folder).get(0).get("entropy").asDouble()).isPositive();
  }

  @Test
  void failedRewardIsNotAZero() {
    ListedTrajectories rows = new ListedTrajectories();
    TinyRun.train(TinyRun.config(3, 1), new TinyWorkers(Rule.FAILS_ON_C, 8), folder, rows);
    List<TrajectoryRecord> failed =
        rows.all().stream()
            .filter(row -> row.drawn().orElseThrow().completion().text().startsWith("c"))
            .toList();
    assertThat(failed).isNotEmpty();
    assertThat(failed)
        .allSatisfy(
            row -> {
              assertThat(row.state())
                  .isEqualTo(new TrajectoryState.Failed("reward match: no segmenter"));
              assertThat(row.advantage()).isZero();
            });
  }

  @Test
  void runStopsWhereTooManyPromptsFail() {
    TrainingStart start =
        new TrainingStart(
            TinyWorkers.initialPolicy(),
            BigramPolicy.parameterLayout(),
            List.of(
                TinyVolumes.sample("x", "broken-1", "a"),
                TinyVolumes.sample("y", "broken-2", "b"),
                TinyVolumes.sample("z", "volume", "c")),
            "digest");
    GrpoConfig config = TinyRun.config(2, 1);
    try (StepWorkers workers = new LocalStepWorkers(TinyWorkers.learnable().open(), 1)) {
      RunOutputs outputs = outputs(config, folder);
      assertThatThrownBy(() -> new GrpoTrainer(config, start, workers, outputs).train())
          .isInstanceOf(MedVolException.class)
          .hasMessageContaining("At step 0, 2 of 3 prompts failed")
          .hasMessageContaining("max-failed-share 0.5")
          .hasMessageContaining(". Raise max-failed-share");
    }
  }

  @Test
  void nonFiniteGradientsAreSkippedCountedAndThenEndTheRun() {
    GrpoConfig config = TinyRun.config(9, 1);
    assertThatThrownBy(
            () ->
                TinyRun.train(config, () -> new PoisonedWorker(), folder, new ListedTrajectories()))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("3 updates in a row were skipped, the last at step 2")
        .hasMessageContaining("gradient");
    List<JsonNode> metrics = metrics(folder);
    assertThat(metrics).hasSize(2);
    assertThat(metrics.get(1).get("skipped_updates").asInt()).isEqualTo(2);
    assertThat(metrics.get(1).get("policy_digest").asText())
        .isEqualTo(TinyWorkers.initialPolicy().digest());
  }

  @Test
  void otherSettingsDoNotResumeARun() {
    GrpoConfig config = TinyRun.config(2, 1);
    train(config, TinyWorkers.learnable(), folder);
    try (StepWorkers workers = new LocalStepWorkers(TinyWorkers.learnable().open(), 1)) {
      RunOutputs outputs = outputs(config, folder);
      assertThatThrownBy(
              () -> new GrpoTrainer(config, TinyRun.start("other"), workers, outputs).train())
          .isInstanceOf(MedVolException.class)
          .hasMessageContaining("other settings");
    }
  }

  @Test
  void metricsHaveTrlsNames() {
    train(TinyRun.config(1, 1), TinyWorkers.learnable(), folder);
    assertThat(metrics(folder).get(0).fieldNames())
        .toIterable()
        .startsWith("step", "loss", "grad_norm", "learning_rate", "reward", "reward_std")
        .contains(
            "frac_reward_zero_std",
            "rewards/match/mean",
            "rewards/match/std",
            "completions/mean_length",
            "completions/clipped_ratio",
            "entropy",
            "clip_ratio/low_mean",
            "clip_ratio/region_mean",
            "num_tokens",
            "step_time")
        .doesNotContain("kl");
  }

  private static ListedTrajectories train(GrpoConfig config, TinyWorkers workers, Path run) {
    ListedTrajectories rows = new ListedTrajectories();
    TinyRun.train(config, workers, run, rows);
    return rows;
  }

  private static RunOutputs outputs(GrpoConfig config, Path run) {
    return new RunOutputs(
        TinyRun.checkpoints(run, config.saveTotalLimit()),
        JsonLinesMetrics.open(new LocalStorage(), run.resolve("metrics.jsonl").toString()),
        new ListedTrajectories());
  }

  private static double reward(Path run, int from, int to) {
    return metrics(run).subList(from, to).stream()
        .mapToDouble(line -> line.get("reward").asDouble())
        .average()
        .orElseThrow();
  }

  private static List<JsonNode> metrics(Path run) {
    List<JsonNode> lines = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
        lines.add(new ObjectMapper().readTree(line));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return lines;
  }

  private static List<String> withoutTimes(List<JsonNode> lines) {
    return lines.stream()
        .map(line -> line.toString().replaceAll("\"step_time\":[-0-9.E]+", ""))
        .toList();
  }

  /** Every file but metrics, by its path. */
  private static Map<String, String> bytes(Path root) {
    try (Stream<Path> files = Files.walk(root)) {
      Map<String, String> contents = new TreeMap<>();
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(
            root.relativize(file).toString(), HexFormat.of().formatHex(Files.readAllBytes(file)));
      }
      return contents;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Works until a step in which it dies. */
  private static final class DyingWorker extends ForwardingWorker {
    private final int deadStep;

    DyingWorker(int deadStep) {
      super(TinyWorkers.learnable());
      this.deadStep = deadStep;
    }

    @Override
    public List<RolloutOutcome> rollout(RolloutRequest request, List<? extends Sample> samples) {
      if (request.step() == deadStep) {
        throw new IllegalStateException("the executor died");
      }
      return super.rollout(request, samples);
    }
  }

  /** Its gradients hold a NaN. */
  private static final class PoisonedWorker extends ForwardingWorker {
    PoisonedWorker() {
      super(TinyWorkers.learnable());
    }

    @Override
    public GradientShard gradient(
        GradientRequest request, int partition, List<WeightedGroup> groups) {
      GradientShard shard = super.gradient(request, partition, groups);
      float[] values = shard.gradient().copy();
      values[3] = Float.NaN;
      return new GradientShard(partition, FloatVector.wrap(values), shard.sums());
    }
  }
}
