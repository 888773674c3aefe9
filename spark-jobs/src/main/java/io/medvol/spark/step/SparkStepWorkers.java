package io.medvol.spark.step;

import io.medvol.data.example.Sample;
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
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.apache.spark.api.java.JavaSparkContext;

/** Does the phases of a step on Spark, with policies that travel once to each executor. */
public final class SparkStepWorkers implements StepWorkers {
  private final String key;
  private final PhaseRunner phases;
  private final OneByOne apart;
  private final PolicyTransport policies;

  /**
   * @param key names workers that are interchangeable: same model, same settings
   * @param factory opens a worker in an executor
   * @param partitions parts a phase is cut into, at least 1
   * @param traffic how policies and gradients travel
   * @param machines executors of which kinds may work
   */
  public SparkStepWorkers(
      JavaSparkContext spark,
      String key,
      StepWorkerFactory factory,
      int partitions,
      StepTraffic traffic,
      Machines machines) {
    this.key = Objects.requireNonNull(key, "key");
    this.phases =
        new PhaseRunner(spark, key, factory, partitions, traffic.mostCollectedBytes(), machines);
    this.apart = new OneByOne(phases);
    this.policies = new PolicyTransport(spark, traffic);
  }

  /** How long the phases have taken. */
  public PhaseClock clock() {
    return phases.clock();
  }

  @Override
  public List<RolloutOutcome> rollout(RolloutRequest request, List<? extends Sample> samples) {
    String what = "Step " + request.step() + ": rollout and rewards of " + samples.size();
    return holding(
        request.policy(),
        policy ->
            apart.each(
                what,
                new Phase.Rollout(
                    policy,
                    request.reference().map(policies::keep).orElse(null),
                    request.runSeed(),
                    request.step(),
                    request.numGenerations(),
                    request.sampling(),
                    request.oldLogProbs()),
                samples,
                RolloutOutcome.Failed::new));
  }

  @Override
  public GradientSum gradient(GradientRequest request, List<WeightedGroup> groups) {
    String what =
        "Policy " + request.policy().version() + ": gradient over " + groups.size() + " groups";
    return holding(
        request.policy(),
        policy ->
            apart.sum(
                what,
                new Phase.Gradient(
                    policy,
                    request.temperature(),
                    request.objective(),
                    request.oldPolicy(),
                    request.drawnBy(),
                    request.scope()),
                groups,
                group -> group.group().sample().id(),
                request.policy().parameters().length()));
  }

  @Override
  public GradientSum demonstrate(PolicyState policy, List<? extends Sample> samples) {
    String what = "Policy " + policy.version() + ": demonstrations of " + samples.size();
    return holding(
        policy,
        sent ->
            apart.sum(
                what,
                new Phase.Demonstrate(sent),
                samples,
                Sample::id,
                policy.parameters().length()));
  }

  @Override
  public List<GroupMeasurement> measure(
      PolicyState policy, double temperature, List<TrajectoryGroup> groups) {
    String what = "Policy " + policy.version() + ": measuring " + groups.size() + " groups";
    return holding(
        policy,
        sent ->
            apart.each(
                what,
                new Phase.Measure(sent, temperature),
                groups,
                (group, reason) -> GroupMeasurement.failed(reason)));
  }

  @Override
  public List<DemonstrationLoss> validate(PolicyState policy, List<? extends Sample> samples) {
    String what = "Policy " + policy.version() + ": validation on " + samples.size();
    return holding(
        policy,
        sent ->
            apart.each(
                what,
                new Phase.Validate(sent),
                samples,
                (sample, reason) -> DemonstrationLoss.failed(reason)));
  }

  @Override
  public List<EvaluationOutcome> evaluate(
      EvaluationRequest request, List<? extends Sample> samples) {
    String what = "Policy " + request.policy().version() + ": evaluation on " + samples.size();
    return holding(
        request.policy(),
        policy ->
            apart.each(
                what,
                new Phase.Evaluate(
                    policy,
                    request.maxCompletionLength(),
                    request.confidenceSamples(),
                    request.hierarchicalTargets()),
                samples,
                EvaluationOutcome::failed));
  }

  @Override
  public Set<String> machines() {
    return phases.clock().machines();
  }

  /** Ends the workers of this JVM; those of other executors end with their JVM. */
  @Override
  public void close() {
    try {
      policies.close();
    } finally {
      ExecutorWorkers.release(key);
    }
  }

  private <R> R holding(PolicyState policy, Function<SentPolicy, R> work) {
    SentPolicy sent = policies.hold(policy);
    try {
      return work.apply(sent);
    } finally {
      policies.release(policy);
    }
  }
}
