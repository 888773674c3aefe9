package io.medvol.spark.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.config.ConfigLoader;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.example.Sample;
import io.medvol.data.example.VrsSample;
import io.medvol.data.storage.LocalStorage;
import io.medvol.grpo.config.GrpoConfig;
import io.medvol.grpo.config.SftConfig;
import io.medvol.grpo.fixture.ForwardingWorker;
import io.medvol.grpo.fixture.ListedTrajectories;
import io.medvol.grpo.fixture.TinyRun;
import io.medvol.grpo.metrics.JsonLinesMetrics;
import io.medvol.grpo.metrics.MetricsSink;
import io.medvol.grpo.step.LocalStepWorkers;
import io.medvol.grpo.step.StepWorkers;
import io.medvol.grpo.train.GrpoTrainer;
import io.medvol.grpo.train.RunOutputs;
import io.medvol.grpo.train.SftTrainer;
import io.medvol.model.policy.SamplingParams;
import io.medvol.rollout.fixture.TinyVolumes;
import io.medvol.rollout.fixture.TinyWorkers;
import io.medvol.rollout.trajectory.GradientShard;
import io.medvol.rollout.trajectory.GradientSum;
import io.medvol.rollout.trajectory.PolicyState;
import io.medvol.rollout.trajectory.RolloutOutcome;
import io.medvol.rollout.trajectory.SampleFailure;
import io.medvol.rollout.trajectory.WeightedGroup;
import io.medvol.rollout.worker.DemonstrationLoss;
import io.medvol.rollout.worker.EvaluationOutcome;
import io.medvol.rollout.worker.EvaluationRequest;
import io.medvol.rollout.worker.GradientRequest;
import io.medvol.rollout.worker.RolloutRequest;
import io.medvol.rollout.worker.StepWorker;
import io.medvol.rollout.worker.StepWorkerFactory;
import io.medvol.spark.SharedSpark;
import io.medvol.spark.table.ParquetTrajectorySink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One volume that makes the policy fail, among others that do not. */
class PoisonTest {
  private static final PolicyState POLICY = TinyWorkers.initialPolicy();
  private static final String POISON = "sample-1";
  private static final String REASON = "IllegalStateException: CUDA error: device-side assert";
  private static final Map<String, AtomicInteger> ATTEMPTS = new ConcurrentHashMap<>();

  @TempDir private Path run;
  private final String test = UUID.randomUUID().toString();

  private enum Failure {
    ALWAYS {
      @Override
      void fail(int attempt) {
        throw new IllegalStateException("CUDA error: device-side assert");
      }
    },
    ONCE {
      @Override
      void fail(int attempt) {
        if (attempt == 1) {
          throw new IllegalStateException("a passing failure");
        }
      }
    },
    STORAGE {
      @Override
      void fail(int attempt) {
        throw new MedVolException(ErrorCode.RESOURCE, "The disk is gone");
      }
    };

    abstract void fail(int attempt);
  }

  private enum Where {
    ANYWHERE,
    GRADIENT
  }

  /** Workers that fail at one sample. */
  private record Spoilt(String test, Where where, Failure failure) implements StepWorkerFactory {
    @Override
    public StepWorker open() {
      return new ForwardingWorker(TinyWorkers.learnable()) {
        @Override
        protected void before(List<? extends Sample> samples) {
          if (where == Where.ANYWHERE) {
            perhapsFail(samples.stream());
          }
        }

        @Override
        public GradientShard gradient(
            GradientRequest request, int partition, List<WeightedGroup> groups) {
          perhapsFail(groups.stream().map(group -> group.group().sample()));
          return super.gradient(request, partition, groups);
        }
      };
    }

    private void perhapsFail(Stream<? extends Sample> samples) {
      if (samples.anyMatch(sample -> sample.id().equals(POISON))) {
        failure.fail(attempts(test).incrementAndGet());
      }
    }
  }

  private static AtomicInteger attempts(String test) {
    return ATTEMPTS.computeIfAbsent(test, any -> new AtomicInteger());
  }

  private StepWorkers workers(Failure failure) {
    return workers(Where.ANYWHERE, failure);
  }

  private StepWorkers workers(Where where, Failure failure) {
    JavaSparkContext spark =
        JavaSparkContext.fromSparkContext(SharedSpark.session().sparkContext());
    return new SparkStepWorkers(
        spark, test, new Spoilt(test, where, failure), 2, StepTraffic.inMemory(), Machines.any());
  }

  private static RolloutRequest rollout() {
    return new RolloutRequest(POLICY, null, 5, 3, 4, new SamplingParams(1, 6));
  }

  @Test
  void aSampleThatFailsIsTriedAgainAndLeftOutWithItsReason() {
    List<VrsSample> samples = TinyVolumes.samples(4);
    try (StepWorkers workers = workers(Failure.ALWAYS)) {
      List<RolloutOutcome> outcomes = workers.rollout(rollout(), samples);
      assertThat(attempts(test)).hasValue(2);
      assertThat(outcomes).extracting(RolloutOutcome::sample).isEqualTo(samples);
      assertThat(outcomes.get(1)).isEqualTo(new RolloutOutcome.Failed(samples.get(1), REASON));
      assertThat(outcomes).filteredOn(RolloutOutcome.Rolled.class::isInstance).hasSize(3);
      List<EvaluationOutcome> answers = workers.evaluate(new EvaluationRequest(POLICY, 6), samples);
      assertThat(answers.stream().map(EvaluationOutcome::failed))
          .containsExactly(false, true, false, false);
    }
  }

  @Test
  void aFailureThatPassesLeavesNothingOut() {
    try (StepWorkers workers = workers(Failure.ONCE)) {
      assertThat(workers.rollout(rollout(), TinyVolumes.samples(4)))
          .allMatch(RolloutOutcome.Rolled.class::isInstance);
    }
  }

  @Test
  void aDemonstrationThatFailsIsLeftOutOfTheGradient() {
    List<VrsSample> samples = TinyVolumes.samples(4);
    try (StepWorkers workers = workers(Failure.ALWAYS);
        StepWorker sound = TinyWorkers.learnable().open()) {
      GradientSum expected =
          GradientSum.of(
              List.of(
                  sound.demonstrate(POLICY, 0, samples.subList(0, 1)),
                  sound.demonstrate(POLICY, 1, samples.subList(2, 4))));
      assertThat(workers.demonstrate(POLICY, samples))
          .isEqualTo(expected.without(List.of(new SampleFailure(POISON, REASON))));
      assertThat(workers.validate(POLICY, samples).stream().map(DemonstrationLoss::failure))
          .containsExactly(null, REASON, null, null);
    }
  }

  @Test
  void aFailureThatPassesLeavesNoDemonstrationOut() {
    List<VrsSample> samples = TinyVolumes.samples(4);
    try (StepWorkers workers = workers(Failure.ONCE);
        StepWorkers sound = new LocalStepWorkers(TinyWorkers.learnable().open(), 2)) {
      assertThat(workers.demonstrate(POLICY, samples))
          .isEqualTo(sound.demonstrate(POLICY, samples));
    }
  }

  @Test
  void whatFailsForEverySampleAlikeIsNotTheSamples() {
    try (StepWorkers workers = workers(Failure.STORAGE)) {
      assertThatThrownBy(() -> workers.rollout(rollout(), TinyVolumes.samples(4)))
          .hasMessageContaining("The disk is gone");
      assertThatThrownBy(() -> workers.demonstrate(POLICY, TinyVolumes.samples(4)))
          .hasMessageContaining("The disk is gone");
    }
  }

  @Test
  void theRunGoesOnAndTheLedgerSaysWhy() {
    train(Where.ANYWHERE, 0.5);
    assertThat(failed().get(0).getInt(2)).as("what was drawn of it").isZero();
  }

  @Test
  void whatCannotBeLearntFromIsInTheLedgerWithWhatWasDrawn() {
    train(Where.GRADIENT, 0.5);
    assertThat(failed().get(0).getInt(2)).as("what was drawn of it").isPositive();
  }

  /** The one sample that failed, and why: its id, the reason, the length of its prompt. */
  private List<Row> failed() {
    List<Row> failed =
        SharedSpark.session()
            .read()
            .parquet(run.resolve("trajectories").toString())
            .where("state = 'FAILED'")
            .select("sample_id", "failure", "prompt_length")
            .distinct()
            .collectAsList();
    assertThat(failed).hasSize(1);
    assertThat(failed.get(0).getString(0)).isEqualTo(POISON);
    assertThat(failed.get(0).getString(1)).isEqualTo(REASON);
    return failed;
  }

  @Test
  void pastTheConfiguredShareTheRunStopsAndKeepsWhatItHas() {
    for (Where where : Where.values()) {
      assertThatThrownBy(() -> train(where, 0))
          .isInstanceOf(MedVolException.class)
          .hasMessageContaining("max-failed-share")
          .hasMessageContaining(POISON + ": " + REASON);
    }
  }

  @Test
  void theSupervisedRunGoesOnAndItsMetricsSayWhy() throws IOException {
    demonstrate(0.5);
    assertThat(Files.readString(run.resolve("metrics.jsonl")))
        .contains("\"failed_prompts\":1", POISON + ": " + REASON);
  }

  @Test
  void theSupervisedRunStopsPastTheConfiguredShare() {
    assertThatThrownBy(() -> demonstrate(0))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("max-failed-share")
        .hasMessageContaining(POISON + ": " + REASON);
  }

  private void demonstrate(double maxFailedShare) {
    SftConfig config =
        ConfigLoader.of(SftConfig.class)
            .withSettings(
                List.of(
                    "steps=3",
                    "prompts-per-step=3",
                    "partitions=2",
                    "max-failed-share=" + maxFailedShare))
            .load()
            .value();
    try (StepWorkers workers = workers(Failure.ALWAYS);
        MetricsSink metrics = metrics()) {
      RunOutputs outputs =
          new RunOutputs(TinyRun.checkpoints(run, 1), metrics, new ListedTrajectories());
      new SftTrainer(config, TinyRun.start("digest"), workers, outputs).train();
    }
  }

  private MetricsSink metrics() {
    return JsonLinesMetrics.open(new LocalStorage(), run.resolve("metrics.jsonl").toString());
  }

  /** Every sample is drawn within these steps. */
  private void train(Where where, double maxFailedShare) {
    GrpoConfig config =
        TinyRun.config(3, 2, "num-generations=4", "max-failed-share=" + maxFailedShare);
    try (StepWorkers workers = workers(where, Failure.ALWAYS);
        MetricsSink metrics = metrics();
        ParquetTrajectorySink trajectories =
            new ParquetTrajectorySink(new LocalStorage(), run.toString(), "run")) {
      RunOutputs outputs = new RunOutputs(TinyRun.checkpoints(run, 1), metrics, trajectories);
      new GrpoTrainer(config, TinyRun.start("digest"), workers, outputs).train();
    }
  }
}
