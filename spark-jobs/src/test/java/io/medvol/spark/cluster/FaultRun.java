package io.medvol.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.LocalStorage;
import io.medvol.data.storage.Storage;
import io.medvol.grpo.checkpoint.CheckpointStore;
import io.medvol.grpo.checkpoint.MachineRule;
import io.medvol.grpo.checkpoint.TrainingState;
import io.medvol.grpo.config.GrpoConfig;
import io.medvol.grpo.fixture.TinyRun;
import io.medvol.grpo.metrics.JsonLinesMetrics;
import io.medvol.grpo.metrics.MetricsSink;
import io.medvol.grpo.run.LeasedStorage;
import io.medvol.grpo.run.RunLease;
import io.medvol.grpo.run.RunLock;
import io.medvol.grpo.step.StepWorkers;
import io.medvol.grpo.train.GrpoTrainer;
import io.medvol.grpo.train.RunOutputs;
import io.medvol.rollout.fixture.TinyWorkers;
import io.medvol.rollout.worker.StepWorkerFactory;
import io.medvol.spark.config.SparkConfig;
import io.medvol.spark.hadoop.Storages;
import io.medvol.spark.session.SparkScope;
import io.medvol.spark.session.SparkSessions;
import io.medvol.spark.step.Machines;
import io.medvol.spark.step.SparkStepWorkers;
import io.medvol.spark.step.StepTraffic;
import io.medvol.spark.table.ParquetTrajectorySink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A GRPO run of the bigram policy on a Spark cluster, which goes on from where it was. */
final class FaultRun {
  static final int STEPS = 6;
  static final int TRAJECTORIES_OF_A_STEP = 12;

  /** Short, since the lease of a killed run is waited for. */
  static final Duration BEAT = Duration.ofMillis(500);

  private static final String AS_IF_LARGE = "-as-if-large";

  private static final GrpoConfig CONFIG =
      TinyRun.config(
          STEPS,
          3,
          "prompts-per-step=3",
          "num-generations=4",
          "micro-batch=4",
          "save-steps=1",
          "objective.beta=0.1");

  private FaultRun() {}

  /** A driver of its own: the master, the run's folder, further settings of Spark. */
  public static void main(String[] arguments) {
    Map<String, String> further =
        Arrays.stream(arguments)
            .skip(2)
            .map(setting -> setting.split("=", 2))
            .collect(Collectors.toMap(setting -> setting[0], setting -> setting[1]));
    String run = arguments[1];
    try (SparkScope spark = session(arguments[0], further)) {
      if (Storages.isRemote(run)) {
        trainRemotely(spark.session(), run, TinyWorkers.learnable(), Storages.here(run));
      } else {
        train(spark.session(), Path.of(run), TinyWorkers.learnable(), new LocalStorage());
      }
    }
    // Ends threads that Spark leaves behind.
    Runtime.getRuntime().halt(0);
  }

  static SparkScope session(String master, Map<String, String> further) {
    Map<String, String> properties = new HashMap<>(further);
    properties.putAll(
        Map.of(
            "spark.executor.extraClassPath",
            System.getProperty("java.class.path"),
            // What is left of the cluster is for a second driver.
            "spark.cores.max",
            "2",
            "spark.executor.memory",
            "512m",
            "spark.executor.extraJavaOptions",
            "-XX:+UseSerialGC -XX:TieredStopAtLevel=1",
            "spark.driver.host",
            "127.0.0.1",
            "spark.ui.enabled",
            "false",
            "spark.scheduler.minRegisteredResourcesRatio",
            "1.0"));
    return SparkSessions.open(
        "faults", new SparkConfig(master, properties, MachineRule.SAME), Optional.of(master));
  }

  /**
   * A name for a folder, which says by which road policies and gradients travel: every kind of run
   * takes both in turn.
   */
  static String name(int number, int kinds) {
    return "run-" + number + ((number + number / kinds) % 2 == 0 ? AS_IF_LARGE : "");
  }

  private static StepTraffic traffic(String run, Storage storage) {
    StepTraffic.PolicyFolder folder =
        new StepTraffic.PolicyFolder(storage, Storage.join(run, "policies"));
    return run.endsWith(AS_IF_LARGE)
        ? new StepTraffic(0, 0, Optional.of(folder))
        : StepTraffic.inMemory();
  }

  static TrainingState train(
      SparkSession spark, Path run, StepWorkerFactory factory, Storage storage) {
    return train(spark, run, factory, storage, Machines.any());
  }

  static TrainingState train(
      SparkSession spark, Path run, StepWorkerFactory factory, Storage storage, Machines machines) {
    try (RunLock lock = RunLock.acquire(run)) {
      return train(spark, run.toString(), factory, storage, machines);
    }
  }

  /** Where no operating system holds a lock. */
  static TrainingState trainRemotely(
      SparkSession spark, String run, StepWorkerFactory factory, Storage storage) {
    try (RunLease lease = RunLease.acquire(storage, run, BEAT)) {
      return train(spark, run, factory, new LeasedStorage(storage, lease), Machines.any());
    }
  }

  private static TrainingState train(
      SparkSession spark,
      String run,
      StepWorkerFactory factory,
      Storage storage,
      Machines machines) {
    try (StepWorkers workers =
            new SparkStepWorkers(
                JavaSparkContext.fromSparkContext(spark.sparkContext()),
                run + " " + factory,
                factory,
                CONFIG.partitions(),
                traffic(run, storage),
                machines);
        MetricsSink metrics = JsonLinesMetrics.open(storage, Storage.join(run, "metrics.jsonl"));
        ParquetTrajectorySink trajectories = new ParquetTrajectorySink(storage, run, "faults")) {
      CheckpointStore checkpoints =
          new CheckpointStore(
              storage, Storage.join(run, "checkpoints"), TinyRun.export(), CONFIG.saveTotalLimit());
      RunOutputs outputs = new RunOutputs(checkpoints, metrics, trajectories);
      return new GrpoTrainer(CONFIG, TinyRun.start("digest"), workers, outputs).train();
    }
  }

  /** Each step of a run has moved the policy, so that equal runs are equal in what they learnt. */
  static void assertLearnt(Path run) throws IOException {
    List<String> steps = Files.readAllLines(run.resolve("metrics.jsonl"));
    assertThat(steps).hasSize(STEPS);
    for (String step : steps) {
      assertThat(new ObjectMapper().readTree(step).path("grad_norm").asDouble()).isPositive();
    }
  }

  /**
   * Asks a run with a damaged checkpoint to go on, which it must not, and then does what it says.
   *
   * @param checkpoint folder of the damaged one
   */
  static void assertRefused(ThrowingCallable train, Storage storage, String checkpoint)
      throws IOException {
    if (storage.exists(Storage.join(checkpoint, "manifest.json"))) {
      assertThatThrownBy(train)
          .isInstanceOfSatisfying(
              MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED_DATA))
          .hasMessageContaining("Checkpoint file " + checkpoint)
          .hasMessageContaining("or delete its folder");
      storage.delete(checkpoint);
    }
  }

  /** Whether there is a complete checkpoint before this step or a later one: older ones go. */
  static boolean reached(Storage storage, String run, int step) {
    String checkpoints = Storage.join(run, "checkpoints");
    String first = String.format("step-%06d", step);
    try {
      for (String name : storage.list(checkpoints)) {
        String manifest = Storage.join(Storage.join(checkpoints, name), "manifest.json");
        if (name.compareTo(first) >= 0 && storage.exists(manifest)) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether a run ended since its storage failed, on the driver or in a task. */
  static boolean isOfStorage(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof MedVolException known) {
        return known.code() == ErrorCode.RESOURCE;
      }
    }
    return false;
  }

  /** Each trajectory of a run with its state and what was learnt from it. */
  static List<String> ledger(SparkSession spark, String run) {
    return spark
        .read()
        .parquet(Storage.join(run, "trajectories"))
        .selectExpr(
            "step",
            "sample_id",
            "sample_index",
            "state",
            "policy_version",
            "policy_digest",
            "token_ids",
            "log_probs",
            "advantage")
        .collectAsList()
        .stream()
        .map(Row::toString)
        .sorted()
        .toList();
  }
}
