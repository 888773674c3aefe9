package io.medvol.spark.job;

import io.medvol.data.config.EffectiveConfig;
import io.medvol.data.shard.ShardDataset;
import io.medvol.grpo.checkpoint.CheckpointStore;
import io.medvol.grpo.checkpoint.RunOrigin;
import io.medvol.grpo.checkpoint.TrainingState;
import io.medvol.grpo.config.GrpoConfig;
import io.medvol.grpo.config.HeldOutConfig;
import io.medvol.grpo.config.SftConfig;
import io.medvol.grpo.evaluation.HeldOutSplit;
import io.medvol.grpo.metrics.JsonLinesMetrics;
import io.medvol.grpo.metrics.MetricsSink;
import io.medvol.grpo.metrics.TrajectorySink;
import io.medvol.grpo.optim.SchedulerType;
import io.medvol.grpo.step.StepWorkers;
import io.medvol.grpo.train.GrpoTrainer;
import io.medvol.grpo.train.RunOutputs;
import io.medvol.grpo.train.SftTrainer;
import io.medvol.grpo.train.TrainingStart;
import io.medvol.spark.config.MedVolConfig;
import io.medvol.spark.step.Machines;
import io.medvol.spark.step.PolicyWorkerFactory;
import io.medvol.spark.step.SparkStepWorkers;
import io.medvol.spark.step.StepTraffic;
import io.medvol.spark.table.ParquetTrajectorySink;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * Trains a policy on prepared shards, the phases of each step as Spark jobs. A run directory that
 * holds a checkpoint of the same run is continued.
 */
public final class TrainingJob {
  public static final String CHECKPOINTS = "checkpoints";
  public static final String METRICS = "metrics.jsonl";

  private static final String POLICIES = "policies";

  private final SparkSession spark;
  private final MedVolConfig config;
  private final String shards;
  private final PolicyLocation policy;
  private final Progress progress;

  /**
   * @param shards folder of the prepared data set
   * @param policy to start from
   */
  public TrainingJob(
      SparkSession spark,
      MedVolConfig config,
      String shards,
      PolicyLocation policy,
      Progress progress) {
    this.spark = Objects.requireNonNull(spark, "spark");
    this.config = Objects.requireNonNull(config, "config");
    this.shards = Objects.requireNonNull(shards, "shards");
    this.policy = Objects.requireNonNull(policy, "policy");
    this.progress = Objects.requireNonNull(progress, "progress");
  }

  /**
   * How a run ended.
   *
   * @param checkpoint folder of the last checkpoint, or of the best one if that is asked for: a
   *     model directory, or an adapter's
   * @param policy what was trained, as the next job takes it
   * @param metrics of the last step, and the run as a whole
   * @param run folder of the run, with the settings it was made with
   */
  public record Result(
      String checkpoint,
      PolicyLocation policy,
      TrainingState state,
      Map<String, Object> metrics,
      OutputFolder run) {
    /** Writes configuration and summary of the run. */
    public void finish() {
      run.finish(metrics);
    }
  }

  /** Trains by GRPO. */
  public Result grpo(OutputFolder run) {
    GrpoConfig given = config.grpo();
    GrpoConfig grpo = given.fitting(trainingSamples(given.evaluation(), given.seed()));
    given.warnings().forEach(progress::warn);
    warnOfLowered("grpo", given.promptsPerStep(), grpo.promptsPerStep());
    OutputFolder settled =
        grpo.equals(given) ? run : run.settled(new EffectiveConfig<>(config.withGrpo(grpo)));
    progress.begin("GRPO step");
    return run(
        settled,
        new Plan(
            "grpo",
            grpo,
            grpo.optimizer().lrSchedulerType(),
            grpo.seed(),
            grpo.steps(),
            grpo.partitions(),
            grpo.microBatch(),
            grpo.saveTotalLimit(),
            grpo.evaluation()),
        (start, loop) -> new GrpoTrainer(grpo, start, loop.workers(), loop.outputs()).train());
  }

  /** Trains on demonstrations. */
  public Result sft(OutputFolder run) {
    SftConfig given = config.sft();
    SftConfig sft = given.fitting(trainingSamples(given.evaluation(), given.seed()));
    warnOfLowered("sft", given.promptsPerStep(), sft.promptsPerStep());
    OutputFolder settled =
        sft.equals(given) ? run : run.settled(new EffectiveConfig<>(config.withSft(sft)));
    progress.begin("SFT step");
    return run(
        settled,
        new Plan(
            "sft",
            sft,
            sft.optimizer().lrSchedulerType(),
            sft.seed(),
            sft.steps(),
            sft.partitions(),
            sft.microBatch(),
            sft.saveTotalLimit(),
            sft.evaluation()),
        (start, loop) -> new SftTrainer(sft, start, loop.workers(), loop.outputs()).train());
  }

  /** Samples that are not held out; at least 1, so that a loop can say that there are none. */
  private int trainingSamples(HeldOutConfig evaluation, long seed) {
    ShardDataset dataset = PolicyWorkerFactory.dataset(shards);
    return Math.max(
        1, HeldOutSplit.of(config.samples().of(dataset), evaluation, seed).training().size());
  }

  private void warnOfLowered(String group, int given, int fitting) {
    if (fitting < given) {
      progress.warn(
          group
              + ".prompts-per-step is "
              + given
              + ", but there are only "
              + fitting
              + " samples to train on; steps of "
              + fitting
              + " are made.");
    }
  }

  /** Through which folder of a run its large policies travel. */
  static StepTraffic traffic(OutputFolder run) {
    return StepTraffic.through(run.storage(), run.resolve(POLICIES));
  }

  private record Plan(
      String method,
      Record settings,
      SchedulerType schedule,
      long seed,
      int steps,
      int partitions,
      int microBatch,
      int keep,
      HeldOutConfig evaluation) {}

  private record Loop(StepWorkers workers, RunOutputs outputs) {}

  private Result run(
      OutputFolder run, Plan plan, BiFunction<TrainingStart, Loop, TrainingState> train) {
    LoadedPolicy loaded = LoadedPolicy.open(policy, config.policy(), config.peft(), plan.seed());
    PolicyWorkerFactory factory =
        new PolicyWorkerFactory(
            loaded.source(),
            loaded.files(),
            shards,
            "",
            config.rewards(),
            config.propagator(),
            config.choice(),
            config.demonstrations(),
            plan.microBatch());
    ShardDataset dataset = factory.dataset();
    RunIdentity identity =
        new RunIdentity(
            plan.method(),
            plan.settings(),
            factory.taskSettings(dataset),
            plan.method().equals("sft") ? config.demonstrations() : null,
            PropagatorIdentity.of(config.propagator()),
            config.samples(),
            config.policy(),
            loaded.peft(),
            dataset.manifest().digest());
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Machines machines = Machines.of(context, config.spark().machines());
    RunOrigin origin =
        new RunOrigin(
            identity.digest(plan.schedule()),
            loaded.digest(),
            identity.settings(plan.schedule()),
            loaded.files(),
            machines.kinds());
    TrainingStart start =
        new TrainingStart(
            loaded.initial(),
            loaded.layout(),
            config.samples().of(dataset),
            factory.rewardWeights(dataset),
            origin,
            machines.rule());
    ProgressMetrics shown = new ProgressMetrics(progress, plan.steps());
    CheckpointStore checkpoints =
        new CheckpointStore(run.storage(), run.resolve(CHECKPOINTS), loaded.export(), plan.keep());
    String key = origin.configDigest() + origin.initialDigest();
    try (SparkStepWorkers workers =
            new SparkStepWorkers(
                context, key, factory.on(dataset), plan.partitions(), traffic(run), machines);
        MetricsSink metrics =
            new TimedMetrics(
                workers.clock(),
                MetricsSink.all(
                    List.of(
                        JsonLinesMetrics.open(run.storage(), run.resolve(METRICS)),
                        StepGauges.register(),
                        shown)));
        TrajectorySink trajectories =
            plan.method().equals("sft")
                ? TrajectorySink.none()
                : new ParquetTrajectorySink(
                    run.storage(), run.path(), origin.configDigest().substring(0, 12))) {
      RunOutputs outputs = new RunOutputs(checkpoints, metrics, trajectories);
      TrainingState state = train.apply(start, new Loop(workers, outputs));
      Map<String, Object> summary = new LinkedHashMap<>();
      summary.put("steps", state.step());
      summary.put("policy_digest", state.policy().digest());
      outputs.lostBefore(state.step()).ifPresent(lost -> summary.put("lost", lost));
      summary.put("machines", String.join("; ", state.origin().machines()));
      boolean best = state.best().metric() != null;
      String checkpoint =
          best && plan.evaluation().loadBestModelAtEnd()
              ? checkpoints.bestPath()
              : checkpoints.path(state.step());
      summary.put("checkpoint", checkpoint);
      if (best) {
        summary.put("best_checkpoint", checkpoints.bestPath());
        summary.put("best_step", state.best().step());
        summary.put("best_metric", state.best().metric());
      }
      summary.putAll(shown.last());
      return new Result(checkpoint, loaded.at(checkpoint), state, summary, run);
    }
  }
}
