package io.medvol.spark.step;

import io.medvol.data.example.Sample;
import io.medvol.grpo.step.Partitions;
import io.medvol.grpo.step.StepWorkers;
import io.medvol.rollout.trajectory.GradientSum;
import io.medvol.rollout.trajectory.GroupMeasurement;
import io.medvol.rollout.trajectory.PolicyState;
import io.medvol.rollout.trajectory.RolloutOutcome;
import io.medvol.rollout.trajectory.TrajectoryGroup;
import io.medvol.rollout.trajectory.WeightedGroup;
import io.medvol.rollout.worker.DemonstrationLoss;
import io.medvol.rollout.worker.EvaluationOutcome;
import io.medvol.rollout.worker.EvaluationRequest;
import io.medvol.rollout.worker.GradientRequest;
import io.medvol.rollout.worker.RolloutRequest;
import io.medvol.rollout.worker.StepWorkerFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Runs each phase of a step as one Spark job with one task for each part. What a task gives depends
 * on its part alone and results are taken in the order of the parts, so that retries, speculation
 * and the number of executors change nothing.
 */
public final class SparkStepWorkers implements StepWorkers {
  private final JavaSparkContext spark;
  private final String key;
  private final StepWorkerFactory factory;
  private final int partitions;
  private final PolicyBroadcasts policies;
  private String referenceDigest = "";

  /**
   * @param key names workers that are interchangeable: same model, same settings
   * @param factory opens a worker in an executor
   * @param partitions parts a phase is cut into, at least 1
   */
  public SparkStepWorkers(
      JavaSparkContext spark, String key, StepWorkerFactory factory, int partitions) {
    this.spark = Objects.requireNonNull(spark, "spark");
    this.key = Objects.requireNonNull(key, "key");
    this.factory = Objects.requireNonNull(factory, "factory");
    this.partitions = partitions;
    this.policies = new PolicyBroadcasts(spark);
  }

  @Override
  public List<RolloutOutcome> rollout(RolloutRequest request, List<? extends Sample> samples) {
    referenceDigest = request.reference().map(PolicyState::digest).orElse("");
    publish(request.policy());
    Phase.Rollout phase =
        new Phase.Rollout(
            policies.of(request.policy()),
            request.reference().map(policies::of).orElse(null),
            request.runSeed(),
            request.step(),
            request.numGenerations(),
            request.sampling());
    String what = "Step " + request.step() + ": rollout and rewards of " + samples.size();
    return flatten(run(what, phase, samples));
  }

  @Override
  public GradientSum gradient(GradientRequest request, List<WeightedGroup> groups) {
    publish(request.policy());
    Phase.Gradient phase =
        new Phase.Gradient(
            policies.of(request.policy()),
            request.temperature(),
            request.objective(),
            request.oldPolicy(),
            request.drawnBy(),
            request.scope());
    String what =
        "Policy " + request.policy().version() + ": gradient over " + groups.size() + " groups";
    return GradientSum.of(run(what, phase, groups));
  }

  @Override
  public GradientSum demonstrate(PolicyState policy, List<? extends Sample> samples) {
    publish(policy);
    String what = "Policy " + policy.version() + ": demonstrations of " + samples.size();
    return GradientSum.of(run(what, new Phase.Demonstrate(policies.of(policy)), samples));
  }

  @Override
  public List<GroupMeasurement> measure(
      PolicyState policy, double temperature, List<TrajectoryGroup> groups) {
    publish(policy);
    String what = "Policy " + policy.version() + ": measuring " + groups.size() + " groups";
    return flatten(run(what, new Phase.Measure(policies.of(policy), temperature), groups));
  }

  @Override
  public List<DemonstrationLoss> validate(PolicyState policy, List<? extends Sample> samples) {
    publish(policy);
    String what = "Policy " + policy.version() + ": validation on " + samples.size();
    return flatten(run(what, new Phase.Validate(policies.of(policy)), samples));
  }

  @Override
  public List<EvaluationOutcome> evaluate(
      EvaluationRequest request, List<? extends Sample> samples) {
    publish(request.policy());
    Phase.Evaluate phase =
        new Phase.Evaluate(policies.of(request.policy()), request.maxCompletionLength());
    String what = "Policy " + request.policy().version() + ": evaluation on " + samples.size();
    return flatten(run(what, phase, samples));
  }

  /** Ends the workers of this JVM; those of other executors end with their JVM. */
  @Override
  public void close() {
    policies.destroyAll();
    ExecutorWorkers.release(key);
  }

  private void publish(PolicyState policy) {
    policies.keepOnly(List.of(policy), Set.of(referenceDigest));
  }

  private <I, R> List<R> run(String description, Phase<I, R> phase, List<? extends I> items) {
    List<List<I>> cut = Partitions.cut(items, partitions);
    List<Part<I>> parts = new ArrayList<>(cut.size());
    for (int p = 0; p < cut.size(); p++) {
      parts.add(new Part<>(p, cut.get(p)));
    }
    if (parts.isEmpty()) {
      return List.of();
    }
    spark.setJobGroup("medvol-step", description, true);
    try {
      return spark
          .parallelize(parts, parts.size())
          .map(new PhaseTask<>(key, factory, phase))
          .collect();
    } finally {
      spark.clearJobGroup();
    }
  }

  private static <T> List<T> flatten(List<List<T>> parts) {
    return parts.stream().flatMap(List::stream).toList();
  }
}
