package io.medvol.spark.step;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.medvol.data.config.ConfigLoader;
import io.medvol.data.example.Sample;
import io.medvol.data.storage.LocalStorage;
import io.medvol.grpo.config.GrpoConfig;
import io.medvol.grpo.fixture.TinyRun;
import io.medvol.grpo.metrics.JsonLinesMetrics;
import io.medvol.grpo.metrics.MetricsSink;
import io.medvol.grpo.step.LocalStepWorkers;
import io.medvol.grpo.step.StepWorkers;
import io.medvol.grpo.train.GrpoTrainer;
import io.medvol.grpo.train.RunOutputs;
import io.medvol.model.policy.ChatMessage;
import io.medvol.reward.RewardConfig;
import io.medvol.reward.localisation.LocalisationRewards;
import io.medvol.rollout.fixture.BigramPolicy;
import io.medvol.rollout.fixture.BoxPropagator;
import io.medvol.rollout.fixture.TinyVolumes;
import io.medvol.rollout.prompt.SlicePromptBuilder;
import io.medvol.rollout.prompt.WindowedSlices;
import io.medvol.rollout.reward.LocalisationScorer;
import io.medvol.rollout.task.AnswerScore;
import io.medvol.rollout.task.LocalisationTask;
import io.medvol.rollout.task.OpenSample;
import io.medvol.rollout.task.Task;
import io.medvol.rollout.task.Verdict;
import io.medvol.rollout.worker.PolicyStepWorker;
import io.medvol.spark.SharedSpark;
import io.medvol.spark.config.MedVolConfig;
import io.medvol.spark.table.ParquetTrajectorySink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run whose reward throws for one of sixteen answers, hangs for one, and gives NaN for one. */
class FailingRewardTest {
  private static final int GENERATIONS = 16;
  private static final int STEPS = 2;
  private static final String CONFIG =
      """
      rewards:
        weights: {numbered: 1.0}
        term-timeout-seconds: 0.3
        term-retries: 0
      """;

  @TempDir private Path folder;

  @Test
  void theRunGoesOnAndTheStatusesAreInTheTableAndTheMetrics() throws IOException {
    train();
    List<Row> rows =
        SharedSpark.session()
            .read()
            .parquet(folder.resolve("trajectories").toString())
            .selectExpr(
                "sample_index",
                "state",
                "failure",
                "advantage",
                "rewards['numbered'].status",
                "rewards['numbered'].extras['number']",
                "total")
            .collectAsList();
    assertThat(rows).hasSize(STEPS * GENERATIONS);
    for (Row row : rows) {
      String status =
          switch (row.getInt(0)) {
            case NumberedTerm.THROWS, NumberedTerm.NAN -> "ERROR";
            case NumberedTerm.HANGS -> "TIMEOUT";
            default -> "OK";
          };
      assertThat(row.getString(4)).isEqualTo(status);
      if (status.equals("OK")) {
        assertThat(row.getString(1)).isEqualTo("USED");
        assertThat(row.getDouble(3)).isNotZero();
        assertThat(row.getDouble(5)).isEqualTo(row.getInt(0));
      } else {
        assertThat(row.getString(1)).isEqualTo("FAILED");
        assertThat(row.getString(2)).contains("numbered");
        assertThat(row.getDouble(3)).isZero();
        assertThat(row.getDouble(6)).isNaN();
      }
    }
    List<String> lines = Files.readAllLines(folder.resolve("metrics.jsonl"));
    assertThat(lines).hasSize(STEPS);
    for (String line : lines) {
      JsonNode metrics = new ObjectMapper().readTree(line);
      assertThat(metrics.get("failed_rewards").asInt()).isEqualTo(3);
      assertThat(metrics.get("rewards/numbered/error").asInt()).isEqualTo(2);
      assertThat(metrics.get("rewards/numbered/timeout").asInt()).isEqualTo(1);
      assertThat(metrics.get("loss").isNumber()).isTrue();
    }
  }

  private void train() {
    RewardConfig rewards =
        ConfigLoader.of(MedVolConfig.class).withYaml("run.yaml", CONFIG).load().value().rewards();
    GrpoConfig config =
        TinyRun.config(
            STEPS,
            1,
            "prompts-per-step=1",
            "num-generations=" + GENERATIONS,
            "micro-batch=" + GENERATIONS,
            "save-steps=" + STEPS,
            "save-total-limit=1",
            "max-failed-share=0");
    Task task =
        new Numbered(
            new LocalisationTask(
                new TinyVolumes(),
                new SlicePromptBuilder(WindowedSlices.softTissue()),
                new LocalisationScorer(new LocalisationRewards(rewards, new BoxPropagator())),
                new BoxPropagator()));
    try (StepWorkers workers =
            new LocalStepWorkers(new PolicyStepWorker(new BigramPolicy(), task, GENERATIONS), 1);
        MetricsSink metrics =
            JsonLinesMetrics.open(new LocalStorage(), folder.resolve("metrics.jsonl").toString());
        ParquetTrajectorySink trajectories =
            new ParquetTrajectorySink(
                SharedSpark.session(), new LocalStorage(), folder.toString(), "run")) {
      RunOutputs outputs = new RunOutputs(TinyRun.checkpoints(folder, 1), metrics, trajectories);
      new GrpoTrainer(config, TinyRun.start("digest"), workers, outputs).train();
    }
  }

  /** Gives every answer its number, which the reward goes by. */
  private record Numbered(Task task) implements Task {
    @Override
    public OpenSample open(Sample sample) {
      return new NumberedSample(task.open(sample));
    }

    @Override
    public void close() {
      task.close();
    }
  }

  private record NumberedSample(OpenSample sample) implements OpenSample {
    @Override
    public List<ChatMessage> prompt() {
      return sample.prompt();
    }

    @Override
    public String demonstration() {
      return sample.demonstration();
    }

    @Override
    public List<AnswerScore> score(List<String> completions) {
      return sample.score(
          IntStream.range(0, completions.size()).mapToObj(Integer::toString).toList());
    }

    @Override
    public Verdict evaluate(String completion) {
      return sample.evaluate(completion);
    }

    @Override
    public void close() {
      sample.close();
    }
  }
}
