package io.medvol.grpo.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.medvol.data.config.ConfigLoader;
import io.medvol.data.error.MedVolException;
import io.medvol.data.example.Sample;
import io.medvol.data.example.VrsSample;
import io.medvol.data.storage.LocalStorage;
import io.medvol.grpo.checkpoint.TrainingState;
import io.medvol.grpo.config.GrpoConfig;
import io.medvol.grpo.config.SftConfig;
import io.medvol.grpo.evaluation.HeldOutSplit;
import io.medvol.grpo.fixture.ForwardingWorker;
import io.medvol.grpo.fixture.ListedTrajectories;
import io.medvol.grpo.fixture.RunFiles;
import io.medvol.grpo.fixture.TinyRun;
import io.medvol.grpo.metrics.JsonLinesMetrics;
import io.medvol.grpo.step.LocalStepWorkers;
import io.medvol.grpo.step.StepWorkers;
import io.medvol.rollout.fixture.BigramPolicy;
import io.medvol.rollout.fixture.TinyVolumes;
import io.medvol.rollout.fixture.TinyWorkers;
import io.medvol.rollout.trajectory.RolloutOutcome;
import io.medvol.rollout.worker.RolloutRequest;
import io.medvol.rollout.worker.StepWorkerFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that watch themselves on what they do not learn from. */
class HeldOutTest {
  private static final String[] WATCHED = {
    "evaluation.eval-steps=2",
    "evaluation.eval-share=0.3",
    "evaluation.num-generations-eval=4",
    "evaluation.metric-for-best-model=eval_reward"
  };

  @TempDir Path folder;

  /** Nine samples of nine volumes. */
  private static List<VrsSample> samples() {
    List<VrsSample> samples = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      samples.add(TinyVolumes.sample("s" + i, "v" + i, "abc".substring(i % 3, i % 3 + 1)));
    }
    return samples;
  }

  private static TrainingState grpo(GrpoConfig config, StepWorkerFactory factory, Path run) {
    return grpo(config, factory, run, new ListedTrajectories());
  }

  private static TrainingState grpo(
      GrpoConfig config, StepWorkerFactory factory, Path run, ListedTrajectories rows) {
    try (StepWorkers workers = new LocalStepWorkers(factory.open(), config.partitions());
        JsonLinesMetrics metrics =
            JsonLinesMetrics.open(new LocalStorage(), run.resolve("metrics.jsonl").toString())) {
      RunOutputs outputs = new RunOutputs(TinyRun.checkpoints(run, 2), metrics, rows);
      return new GrpoTrainer(config, start(), workers, outputs).train();
    }
  }

  private static TrainingStart start() {
    return new TrainingStart(
        TinyWorkers.initialPolicy(), BigramPolicy.parameterLayout(), samples(), "digest");
  }

  @Test
  void heldOutVolumesAreNeverTrainedOn() {
    GrpoConfig config = TinyRun.config(6, 1, WATCHED);
    HeldOutSplit split = HeldOutSplit.of(samples(), config.evaluation(), config.seed());
    Set<String> held = split.heldOut().stream().map(Sample::sourceId).collect(Collectors.toSet());
    assertThat(held).hasSize(2);
    ListedTrajectories rows = new ListedTrajectories();
    grpo(config, TinyWorkers.learnable(), folder, rows);
    assertThat(rows.all()).isNotEmpty();
    assertThat(rows.all()).noneMatch(row -> held.contains(row.sample().sourceId()));
    assertThat(LongStream.range(0, 10))
        .anySatisfy(
            seed ->
                assertThat(HeldOutSplit.of(samples(), config.evaluation(), seed).heldOut())
                    .isNotEqualTo(split.heldOut()));
  }

  @Test
  void evaluationsComeAtTheirStepsUnderTrlsNames() {
    grpo(TinyRun.config(5, 1, WATCHED), TinyWorkers.learnable(), folder);
    List<JsonNode> lines = RunFiles.metrics(folder);
    assertThat(lines.stream().map(line -> line.has("eval_reward")))
        .containsExactly(false, true, false, true, true);
    assertThat(lines.get(1).fieldNames())
        .toIterable()
        .contains(
            "eval_dice",
            "eval_rewards/match/mean",
            "eval_failures",
            "eval_unparsable_share",
            "eval_sampled_reward",
            "eval_sampled_reward_std",
            "eval_frac_reward_zero_std");
    assertThat(lines.get(1).get("eval_samples").asInt()).isEqualTo(2);
  }

  @Test
  void bestCheckpointIsTheOneOfTheBestEvaluation() {
    TrainingState end = grpo(TinyRun.config(8, 1, WATCHED), TinyWorkers.learnable(), folder);
    List<JsonNode> lines = RunFiles.metrics(folder);
    double best = Double.NEGATIVE_INFINITY;
    JsonNode at = null;
    for (JsonNode line : lines) {
      if (line.has("eval_reward") && line.get("eval_reward").asDouble() > best) {
        best = line.get("eval_reward").asDouble();
        at = line;
      }
    }
    assertThat(end.best().metric()).isEqualTo(best);
    assertThat(end.best().step()).isEqualTo(at.get("step").asInt() + 1);
    assertThat(RunFiles.checkpoints(folder)).containsKey("best/manifest.json");
    assertThat(text(RunFiles.checkpoints(folder).get("best/model.bin")))
        .isEqualTo(at.get("policy_digest").asText());
  }

  private static String text(String hexadecimal) {
    return new String(HexFormat.of().parseHex(hexadecimal), StandardCharsets.UTF_8);
  }

  @Test
  void watchedRunEndsWithTheSameBytesInterruptedOrNot() {
    GrpoConfig config = TinyRun.config(7, 2, WATCHED);
    grpo(config, TinyWorkers.learnable(), folder.resolve("whole"));
    Path cut = folder.resolve("cut");
    assertThatThrownBy(() -> grpo(config, () -> new Dying(5), cut)).hasMessage("the executor died");
    grpo(config, TinyWorkers.learnable(), cut);
    assertThat(RunFiles.checkpoints(cut)).isEqualTo(RunFiles.checkpoints(folder.resolve("whole")));
    assertThat(RunFiles.untimed(cut)).isEqualTo(RunFiles.untimed(folder.resolve("whole")));
  }

  @Test
  void runWithoutProgressEndsEarlyAndStaysEnded() {
    GrpoConfig config =
        TinyRun.config(
            40,
            1,
            "evaluation.eval-steps=1",
            "evaluation.eval-share=0.3",
            "evaluation.early-stopping-patience=3",
            "evaluation.early-stopping-threshold=100");
    TrainingState end = grpo(config, TinyWorkers.learnable(), folder);
    assertThat(end.step()).isEqualTo(4);
    assertThat(end.best().step()).isEqualTo(1);
    assertThat(RunFiles.checkpoints(folder)).containsKey("step-000004/manifest.json");
    assertThat(grpo(config, TinyWorkers.learnable(), folder)).isEqualTo(end);
    assertThat(RunFiles.metrics(folder)).hasSize(4);
  }

  @Test
  void unknownMetricIsNamedWithThoseThereAre() {
    GrpoConfig config =
        TinyRun.config(
            2,
            1,
            "evaluation.eval-steps=1",
            "evaluation.eval-share=0.3",
            "evaluation.metric-for-best-model=eval_f1");
    assertThatThrownBy(() -> grpo(config, TinyWorkers.learnable(), folder))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("eval_f1")
        .hasMessageContaining("eval_dice");
  }

  @Test
  void demonstrationsEndWhereTheValidationLossStopsFalling() {
    SftConfig config =
        ConfigLoader.of(SftConfig.class)
            .withSettings(
                List.of(
                    "steps=60",
                    "prompts-per-step=4",
                    "partitions=2",
                    "save-steps=50",
                    "optimizer.learning-rate=0.05",
                    "optimizer.lr-scheduler-type=constant",
                    "evaluation.eval-steps=2",
                    "evaluation.eval-share=0.3",
                    "evaluation.early-stopping-patience=2",
                    "evaluation.early-stopping-threshold=0.02"))
            .load()
            .value();
    TrainingState end;
    try (StepWorkers workers = new LocalStepWorkers(TinyWorkers.learnable().open(), 2);
        JsonLinesMetrics metrics =
            JsonLinesMetrics.open(new LocalStorage(), folder.resolve("metrics.jsonl").toString())) {
      RunOutputs outputs =
          new RunOutputs(TinyRun.checkpoints(folder, 2), metrics, new ListedTrajectories());
      end = new SftTrainer(config, start(), workers, outputs).train();
    }
    assertThat(end.step()).isLessThan(60);
    assertThat(end.best().misses()).isEqualTo(2);
    assertThat(end.best().step()).isEqualTo(end.step() - 4);
    List<JsonNode> lines = RunFiles.metrics(folder);
    assertThat(end.best().metric()).isLessThan(lines.get(1).get("eval_loss").asDouble());
    assertThat(RunFiles.checkpoints(folder)).containsKey("best/manifest.json");
  }

  /** Dies at the rollout of a step. */
  private static final class Dying extends ForwardingWorker {
    private final int deadStep;

    Dying(int deadStep) {
      super(TinyWorkers.learnable());
      this.deadStep = deadStep;
    }

    @Override
    public List<RolloutOutcome> rollout(RolloutRequest request, List<? extends Sample> samples) {
      if (request.runSeed() >= 0 && request.step() == deadStep) {
        throw new IllegalStateException("the executor died");
      }
      return super.rollout(request, samples);
    }
  }
}
