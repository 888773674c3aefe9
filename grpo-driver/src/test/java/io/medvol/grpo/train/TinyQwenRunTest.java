package io.medvol.grpo.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.data.example.VrsSample;
import io.medvol.data.storage.LocalStorage;
import io.medvol.grpo.checkpoint.CheckpointStore;
import io.medvol.grpo.checkpoint.HubModelExport;
import io.medvol.grpo.checkpoint.TrainingState;
import io.medvol.grpo.config.GrpoConfig;
import io.medvol.grpo.evaluation.EvaluationLoop;
import io.medvol.grpo.evaluation.EvaluationReport;
import io.medvol.grpo.fixture.ListedTrajectories;
import io.medvol.grpo.fixture.TinyRun;
import io.medvol.grpo.metrics.JsonLinesMetrics;
import io.medvol.grpo.step.LocalStepWorkers;
import io.medvol.grpo.step.StepWorkers;
import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.policy.TrainableParameters;
import io.medvol.model.qwen.QwenPolicy;
import io.medvol.model.tiny.TinyPolicyConfig;
import io.medvol.model.tiny.TinyQwen3Vl;
import io.medvol.rollout.fixture.BoxPropagator;
import io.medvol.rollout.fixture.LetterScorer;
import io.medvol.rollout.fixture.TinyVolumes;
import io.medvol.rollout.prompt.SlicePromptBuilder;
import io.medvol.rollout.prompt.WindowedSlices;
import io.medvol.rollout.task.LocalisationTask;
import io.medvol.rollout.trajectory.PolicyState;
import io.medvol.rollout.worker.PolicyStepWorker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The loop with a real Qwen3-VL, small enough for a unit test. */
class TinyQwenRunTest {
  @TempDir Path folder;

  @Test
  void trainedModelIsAModelDirectoryAndAResumedRunHasItsBytes() throws IOException {
    ModelDirectory base =
        TinyQwen3Vl.write(
            TinyPolicyConfig.defaults(3).withPhrases(SlicePromptBuilder.fixedTexts()),
            folder.resolve("model"));
    TrainingState whole = train(base, folder.resolve("whole"));
    assertThat(whole.step()).isEqualTo(2);
    assertThat(whole.policy().version()).isEqualTo(2);
    Path cut = folder.resolve("cut");
    train(base, cut);
    Files.delete(cut.resolve("checkpoints/step-000002/manifest.json"));
    assertThat(train(base, cut).policy().digest()).isEqualTo(whole.policy().digest());
    Path trained = cut.resolve("checkpoints/step-000002");
    assertThat(trained.resolve("model.safetensors"))
        .hasSameBinaryContentAs(folder.resolve("whole/checkpoints/step-000002/model.safetensors"));
    try (QwenPolicy reloaded = load(ModelDirectory.open(trained))) {
      assertThat(PolicyState.of(2, reloaded.parameters())).isEqualTo(whole.policy());
    }
  }

  private static TrainingState train(ModelDirectory base, Path run) {
    QwenPolicy policy = load(base);
    List<VrsSample> samples = TinyVolumes.samples(3);
    TrainingStart start =
        new TrainingStart(
            PolicyState.of(0, policy.parameters()), policy.layout(), samples, "digest");
    GrpoConfig config = config();
    try (StepWorkers workers =
            new LocalStepWorkers(
                new PolicyStepWorker(
                    policy,
                    new LocalisationTask(
                        new TinyVolumes(),
                        new SlicePromptBuilder(WindowedSlices.softTissue()),
                        new LetterScorer(LetterScorer.Rule.NOISE),
                        new BoxPropagator()),
                    config.microBatch()),
                config.partitions());
        JsonLinesMetrics metrics =
            JsonLinesMetrics.open(new LocalStorage(), run.resolve("metrics.jsonl").toString())) {
      CheckpointStore checkpoints =
          new CheckpointStore(
              new LocalStorage(),
              run.resolve("checkpoints").toString(),
              new HubModelExport(base, policy.layout()),
              config.saveTotalLimit());
      RunOutputs outputs = new RunOutputs(checkpoints, metrics, new ListedTrajectories());
      TrainingState end = new GrpoTrainer(config, start, workers, outputs).train();
      EvaluationReport report = new EvaluationLoop(workers, 4).evaluate(end.policy(), samples);
      assertThat(report.metrics()).containsEntry("eval_samples", 3).containsKey("eval_dice");
      return end;
    }
  }

  private static QwenPolicy load(ModelDirectory directory) {
    return QwenPolicy.load(directory, TrainableParameters.LANGUAGE_MODEL);
  }

  private static GrpoConfig config() {
    return TinyRun.config(
        2,
        2,
        "prompts-per-step=2",
        "num-generations=3",
        "micro-batch=2",
        "seed=9",
        "save-steps=1",
        "save-total-limit=3",
        "sampling.max-completion-length=6",
        "optimizer.learning-rate=1e-3",
        "optimizer.lr-scheduler-type=constant");
  }
}
