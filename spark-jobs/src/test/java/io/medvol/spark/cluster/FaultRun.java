package io.medvol.spark.cluster;

import io.medvol.data.storage.LocalStorage;
import io.medvol.data.storage.Storage;
import io.medvol.grpo.checkpoint.CheckpointStore;
import io.medvol.grpo.checkpoint.TrainingState;
import io.medvol.grpo.config.GrpoConfig;
import io.medvol.grpo.fixture.TinyRun;
import io.medvol.grpo.metrics.JsonLinesMetrics;
import io.medvol.grpo.metrics.MetricsSink;
import io.medvol.grpo.run.RunLock;
import io.medvol.grpo.step.StepWorkers;
import io.medvol.grpo.train.GrpoTrainer;
import io.medvol.grpo.train.RunOutputs;
import io.medvol.rollout.fixture.TinyWorkers;
import io.medvol.rollout.worker.StepWorkerFactory;
import io.medvol.spark.config.SparkConfig;
import io.medvol.spark.session.SparkScope;
import io.medvol.spark.session.SparkSessions;
import io.medvol.spark.step.SparkStepWorkers;
import io.medvol.spark.table.ParquetTrajectorySink;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** A GRPO run of the bigram policy on a Spark cluster, which goes on from where it was. */
final class FaultRun {
  static final int STEPS = 6;
  static final int TRAJECTORIES_OF_A_STEP = 12;

  private static final GrpoConfig CONFIG =
      TinyRun.config(
          STEPS, 3, "prompts-per-step=3", "num-generations=4", "micro-batch=4", "save-steps=1");

  private FaultRun() {}

  /** A driver of its own: the master, the run's folder. */
  public static void main(String[] arguments) {
    try (SparkScope spark = session(arguments[0])) {
      train(spark.session(), Path.of(arguments[1]), TinyWorkers.learnable(), new LocalStorage());
    }
    // Ends threads that Spark leaves behind.
    Runtime.getRuntime().halt(0);
  }

  static SparkScope session(String master) {
    Map<String, String> properties =
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
            "1.0");
    return SparkSessions.open("faults", new SparkConfig(master, properties), Optional.of(master));
  }

  static TrainingState train(
      SparkSession spark, Path run, StepWorkerFactory factory, Storage storage) {
    try (RunLock lock = RunLock.acquire(run);
        StepWorkers workers =
            new SparkStepWorkers(
                JavaSparkContext.fromSparkContext(spark.sparkContext()),
                run + " " + factory,
                factory,
                CONFIG.partitions());
        MetricsSink metrics = JsonLinesMetrics.open(storage, run.resolve("metrics.jsonl") + "");
        ParquetTrajectorySink trajectories =
            new ParquetTrajectorySink(spark, storage, run.toString(), "faults")) {
      CheckpointStore checkpoints =
          new CheckpointStore(
              storage,
              run.resolve("checkpoints").toString(),
              TinyRun.export(),
              CONFIG.saveTotalLimit());
      RunOutputs outputs = new RunOutputs(checkpoints, metrics, trajectories);
      return new GrpoTrainer(CONFIG, TinyRun.start("digest"), workers, outputs).train();
    }
  }
}
