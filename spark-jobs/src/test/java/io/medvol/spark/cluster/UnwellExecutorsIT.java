package io.medvol.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.data.example.Sample;
import io.medvol.data.example.VrsSample;
import io.medvol.data.storage.LocalStorage;
import io.medvol.grpo.fixture.ForwardingWorker;
import io.medvol.grpo.step.StepWorkers;
import io.medvol.model.policy.SamplingParams;
import io.medvol.rollout.fixture.TinyVolumes;
import io.medvol.rollout.fixture.TinyWorkers;
import io.medvol.rollout.trajectory.GradientSum;
import io.medvol.rollout.trajectory.PolicyState;
import io.medvol.rollout.trajectory.RolloutOutcome;
import io.medvol.rollout.trajectory.SampleFailure;
import io.medvol.rollout.worker.RolloutRequest;
import io.medvol.rollout.worker.StepWorker;
import io.medvol.rollout.worker.StepWorkerFactory;
import io.medvol.spark.session.SparkScope;
import io.medvol.spark.step.Machines;
import io.medvol.spark.step.SparkStepWorkers;
import io.medvol.spark.step.StepTraffic;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Executors of a standalone cluster that hang, and samples that end every executor they meet. */
@EnabledIfSystemProperty(named = ClusterBuild.JAR, matches = ".+")
class UnwellExecutorsIT {
  private static final PolicyState POLICY = TinyWorkers.initialPolicy();

  @TempDir private static Path folder;
  private static StandaloneCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    cluster = StandaloneCluster.start(folder, ClusterBuild.sparkHome(), 2);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void theTasksOfAnExecutorThatHangsAreDoneByAnother() throws Exception {
    Map<String, String> speculation =
        Map.of(
            "spark.speculation", "true",
            "spark.speculation.interval", "100ms",
            "spark.speculation.quantile", "0.3",
            "spark.speculation.multiplier", "1.5");
    try (SparkScope spark = session(speculation)) {
      Path undisturbed = folder.resolve("undisturbed");
      train(spark, undisturbed);
      Copies copies = new Copies();
      spark.session().sparkContext().addSparkListener(copies);
      Path run = folder.resolve("hanging");
      // Those of an application before may take a moment to go.
      ForkedJvm.await(() -> cluster.executors().size() == 2, () -> true);
      ProcessHandle hanging = cluster.executors().get(0);
      assertThat(signal("-STOP", hanging)).isZero();
      try {
        train(spark, run);
      } finally {
        signal("-CONT", hanging);
      }
      ClusterRuns.assertSameCheckpoint(run, undisturbed, FaultRun.STEPS);
      assertThat(FaultRun.ledger(spark.session(), run.toString()))
          .isEqualTo(FaultRun.ledger(spark.session(), undisturbed.toString()));
      assertThat(copies.succeeded).hasPositiveValue();
    }
  }

  private static SparkScope session(Map<String, String> further) {
    Map<String, String> settings = new HashMap<>(cluster.spark());
    settings.putAll(further);
    return FaultRun.session(cluster.master(), settings);
  }

  private static void train(SparkScope spark, Path run) {
    FaultRun.train(spark.session(), run, TinyWorkers.learnable(), new LocalStorage());
  }

  /** Counts second copies of tasks that came to their end before the first. */
  private static final class Copies extends SparkListener {
    private final AtomicInteger succeeded = new AtomicInteger();

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      if (end.taskInfo().speculative() && end.taskInfo().successful()) {
        succeeded.incrementAndGet();
      }
    }
  }

  private static int signal(String signal, ProcessHandle process) throws Exception {
    return new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
  }

  @Test
  void aSampleThatEndsItsExecutorIsLeftOutAndTheOthersAreNot() {
    List<VrsSample> samples = TinyVolumes.samples(3);
    try (SparkScope spark = session(Map.of("spark.task.maxFailures", "2"));
        StepWorkers workers =
            new SparkStepWorkers(
                spark.context(),
                "deadly",
                new Deadly(),
                3,
                StepTraffic.inMemory(),
                Machines.any());
        StepWorker sound = TinyWorkers.learnable().open()) {
      List<RolloutOutcome> outcomes =
          workers.rollout(
              new RolloutRequest(POLICY, null, 5, 3, 4, new SamplingParams(1, 6)), samples);
      assertThat(outcomes.get(1)).isEqualTo(new RolloutOutcome.Failed(samples.get(1), Deadly.END));
      assertThat(outcomes).filteredOn(RolloutOutcome.Rolled.class::isInstance).hasSize(2);
      GradientSum rest =
          GradientSum.of(
              List.of(
                  sound.demonstrate(POLICY, 0, samples.subList(0, 1)),
                  sound.demonstrate(POLICY, 1, samples.subList(2, 3))));
      assertThat(workers.demonstrate(POLICY, samples))
          .isEqualTo(rest.without(List.of(new SampleFailure(samples.get(1).id(), Deadly.END))));
    }
  }

  /** Workers whose process ends at the second sample, as where native code crashes. */
  private record Deadly() implements StepWorkerFactory {
    private static final String END = "The executor ended each time it worked on this sample.";

    @Override
    public StepWorker open() {
      return new ForwardingWorker(TinyWorkers.learnable()) {
        @Override
        protected void before(List<? extends Sample> samples) {
          if (samples.stream().anyMatch(sample -> sample.id().equals("sample-1"))) {
            Runtime.getRuntime().halt(134);
          }
        }
      };
    }
  }
}
