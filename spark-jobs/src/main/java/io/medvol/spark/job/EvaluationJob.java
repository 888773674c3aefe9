package io.medvol.spark.job;

import io.medvol.data.example.Sample;
import io.medvol.data.shard.ShardDataset;
import io.medvol.grpo.evaluation.EvaluationReport;
import io.medvol.grpo.step.StepWorkers;
import io.medvol.model.PolicySource;
import io.medvol.model.directory.ModelDigests;
import io.medvol.model.policy.Completion;
import io.medvol.model.policy.FinishReason;
import io.medvol.model.policy.TokenIds;
import io.medvol.model.policy.TokenValues;
import io.medvol.model.policy.TrainableParameters;
import io.medvol.rollout.task.OpenSample;
import io.medvol.rollout.task.Task;
import io.medvol.rollout.task.Verdict;
import io.medvol.rollout.worker.EvaluationOutcome;
import io.medvol.rollout.worker.EvaluationRequest;
import io.medvol.spark.config.EvaluationConfig;
import io.medvol.spark.config.MedVolConfig;
import io.medvol.spark.step.Machines;
import io.medvol.spark.step.PolicyWorkerFactory;
import io.medvol.spark.step.SparkStepWorkers;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.apache.spark.api.java.JavaSparkContext;

/** Answers the samples of a prepared data set greedily and measures the answers. */
public final class EvaluationJob {
  private final JavaSparkContext spark;
  private final MedVolConfig config;
  private final OutputFolder run;
  private final Progress progress;

  /**
   * @param run through which a large policy travels
   */
  public EvaluationJob(
      JavaSparkContext spark, MedVolConfig config, OutputFolder run, Progress progress) {
    this.run = Objects.requireNonNull(run, "run");
    this.spark = Objects.requireNonNull(spark, "spark");
    this.config = Objects.requireNonNull(config, "config");
    this.progress = Objects.requireNonNull(progress, "progress");
  }

  /**
   * One outcome for each sample, ordered by the sample's id.
   *
   * @param shards folder of the prepared data set
   * @param policy such as a checkpoint
   */
  public EvaluationReport run(String shards, PolicyLocation policy) {
    EvaluationConfig evaluation = config.evaluation();
    LoadedPolicy loaded = LoadedPolicy.open(policy, config.policy());
    PolicyWorkerFactory factory = factory(loaded.source(), loaded.files(), shards);
    ShardDataset dataset = factory.dataset();
    List<Sample> samples = samples(dataset);
    EvaluationRequest request =
        new EvaluationRequest(
            loaded.initial(),
            evaluation.maxCompletionLength(),
            evaluation.confidenceSamples(),
            evaluation.hierarchicalTargets());
    progress.begin("Evaluating");
    List<EvaluationOutcome> outcomes = new ArrayList<>();
    String key =
        "evaluation "
            + loaded.digest()
            + " "
            + dataset.manifest().digest()
            + " "
            + PropagatorIdentity.of(config.propagator()).digest();
    try (StepWorkers workers =
        new SparkStepWorkers(
            spark,
            key,
            factory.on(dataset),
            evaluation.partitions(),
            TrainingJob.traffic(run),
            Machines.of(spark, config.spark().machines()))) {
      int batch = Math.max(evaluation.partitions(), 1) * 8;
      for (int from = 0; from < samples.size(); from += batch) {
        int to = Math.min(from + batch, samples.size());
        outcomes.addAll(workers.evaluate(request, samples.subList(from, to)));
        progress.update(to, samples.size(), "");
      }
    }
    EvaluationReport report = new EvaluationReport(outcomes);
    report.failureNote().ifPresent(note -> progress.say("  " + note));
    return report;
  }

  /**
   * Measures answers that no policy gave, on this machine.
   *
   * @param answer the text for a sample
   */
  public EvaluationReport run(String shards, Function<Sample, String> answer) {
    PolicyWorkerFactory factory =
        factory(
            new PolicySource(
                "", new PolicySource.Weights(TrainableParameters.ALL), config.policy().options()),
            ModelDigests.none(),
            shards);
    List<Sample> samples = samples(factory.dataset());
    List<EvaluationOutcome> outcomes = new ArrayList<>();
    progress.begin("Evaluating");
    try (Task task = factory.openTask()) {
      for (Sample sample : samples) {
        outcomes.add(measured(task, sample, answer.apply(sample)));
        progress.update(outcomes.size(), samples.size(), "");
      }
    }
    return new EvaluationReport(outcomes);
  }

  private static EvaluationOutcome measured(Task task, Sample sample, String answer) {
    try (OpenSample open = task.open(sample)) {
      Verdict verdict = open.evaluate(answer);
      return new EvaluationOutcome(
          sample,
          new Completion(TokenIds.of(), TokenValues.of(), answer, FinishReason.STOP),
          verdict.score().reward(),
          verdict.score().status(),
          verdict.score().evidence(),
          verdict.dice(),
          verdict.measures(),
          null,
          verdict.failure(),
          0,
          0);
    }
  }

  private PolicyWorkerFactory factory(PolicySource source, ModelDigests files, String shards) {
    return new PolicyWorkerFactory(
        source,
        files,
        shards,
        "",
        config.rewards(),
        config.propagator(),
        config.choice(),
        config.demonstrations(),
        1);
  }

  private List<Sample> samples(ShardDataset dataset) {
    return SpreadSamples.of(config.samples().of(dataset), config.evaluation().maxSamples());
  }
}
