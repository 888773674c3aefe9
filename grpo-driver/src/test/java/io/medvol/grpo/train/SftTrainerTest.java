package io.medvol.grpo.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.medvol.data.storage.LocalStorage;
import io.medvol.grpo.checkpoint.TrainingState;
import io.medvol.grpo.config.HeldOutConfig;
import io.medvol.grpo.config.OptimizerConfig;
import io.medvol.grpo.config.SftConfig;
import io.medvol.grpo.fixture.ListedTrajectories;
import io.medvol.grpo.fixture.TinyRun;
import io.medvol.grpo.metrics.JsonLinesMetrics;
import io.medvol.grpo.optim.SchedulerType;
import io.medvol.grpo.step.LocalStepWorkers;
import io.medvol.grpo.step.StepWorkers;
import io.medvol.rollout.fixture.TinyWorkers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SftTrainerTest {
  @TempDir Path folder;

  @Test
  void lossFallsFromThatOfAnUntrainedPolicy() throws IOException {
    train(30, folder);
    List<Double> losses = losses(folder);
    // ln 8 for a uniform choice among 8 tokens
    assertThat(losses.get(0)).isCloseTo(Math.log(8), within(0.2));
    assertThat(losses.get(29)).isLessThan(losses.get(0) - 0.3);
  }

  @Test
  void continuedRunEqualsAnUninterruptedOne() throws IOException {
    TrainingState whole = train(4, folder.resolve("whole"));
    Path cut = folder.resolve("cut");
    train(4, cut);
    Files.delete(cut.resolve("checkpoints/step-000004/manifest.json"));
    assertThat(train(4, cut)).isEqualTo(whole);
    assertThat(losses(cut)).isEqualTo(losses(folder.resolve("whole")));
  }

  private static TrainingState train(int steps, Path run) {
    OptimizerConfig optimizer =
        new OptimizerConfig(0.05, SchedulerType.COSINE, 0, 0.5, 0.1, 0.9, 0.99, 1e-8, 0.01, 1.0, 3);
    SftConfig config =
        new SftConfig(
            steps, 4, 1, 1, 2, 3, 2, 5, 0.5, optimizer, HeldOutConfig.defaults("eval_loss"));
    try (StepWorkers workers = new LocalStepWorkers(TinyWorkers.learnable().open(), 2);
        JsonLinesMetrics metrics =
            JsonLinesMetrics.open(new LocalStorage(), run.resolve("metrics.jsonl").toString())) {
      RunOutputs outputs =
          new RunOutputs(TinyRun.checkpoints(run, 5), metrics, new ListedTrajectories());
      return new SftTrainer(config, TinyRun.start("sft"), workers, outputs).train();
    }
  }

  private static List<Double> losses(Path run) throws IOException {
    List<Double> losses = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
      losses.add(new ObjectMapper().readTree(line).get("loss").asDouble());
    }
    return losses;
  }
}
