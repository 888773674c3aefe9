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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does the phases of a step on Spark, with policies that travel once to each executor. */
public final class SparkStepWorkers implements StepWorkers {
  private static final Logger LOG = LoggerFactory.getLogger(SparkStepWorkers.class);

  private final String key;
  private final PhaseRunner phases;
  private final PolicyBroadcasts policies;
  private final List<String> held = new ArrayList<>();
  private String referenceDigest = "";

  /**
   * @param key names workers that are interchangeable: same model, same settings
   * @param factory opens a worker in an executor
   * @param partitions parts a phase is cut into, at least 1
   */
  public SparkStepWorkers(
      JavaSparkContext spark, String key, StepWorkerFactory factory, int partitions) {
    this(spark, key, factory, partitions, PhaseRunner.MOST_COLLECTED_BYTES);
  }

  /**
   * @param mostCollectedBytes what the parts' gradients may take together to be added by the
   *     driver; larger ones are added by tasks, to the same bytes
   */
  public SparkStepWorkers(
      JavaSparkContext spark,
      String key,
      StepWorkerFactory factory,
      int partitions,
      long mostCollectedBytes) {
    this.key = Objects.requireNonNull(key, "key");
    this.phases = new PhaseRunner(spark, key, factory, partitions, mostCollectedBytes);
    this.policies = new PolicyBroadcasts(spark);
  }

  /** How long the phases have taken. */
  public PhaseClock clock() {
    return phases.clock();
  }

  @Override
  public List<RolloutOutcome> rollout(RolloutRequest request, List<? extends Sample> samples) {
    synchronized (held) {
      referenceDigest = request.reference().map(PolicyState::digest).orElse("");
    }
    String what = "Step " + request.step() + ": rollout and rewards of " + samples.size();
    return holding(
        request.policy(),
        policy ->
            each(
                what,
                new Phase.Rollout(
                    policy,
                    request.reference().map(this::broadcast).orElse(null),
                    request.runSeed(),
                    request.step(),
                    request.numGenerations(),
                    request.sampling()),
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
            phases.sum(
                what,
                new Phase.Gradient(
                    policy,
                    request.temperature(),
                    request.objective(),
                    request.oldPolicy(),
                    request.drawnBy(),
                    request.scope()),
                groups,
                request.policy().parameters().length()));
  }

  @Override
  public GradientSum demonstrate(PolicyState policy, List<? extends Sample> samples) {
    String what = "Policy " + policy.version() + ": demonstrations of " + samples.size();
    return holding(
        policy,
        sent ->
            phases.sum(what, new Phase.Demonstrate(sent), samples, policy.parameters().length()));
  }

  @Override
  public List<GroupMeasurement> measure(
      PolicyState policy, double temperature, List<TrajectoryGroup> groups) {
    String what = "Policy " + policy.version() + ": measuring " + groups.size() + " groups";
    return holding(
        policy, sent -> flatten(phases.run(what, new Phase.Measure(sent, temperature), groups)));
  }

  @Override
  public List<DemonstrationLoss> validate(PolicyState policy, List<? extends Sample> samples) {
    String what = "Policy " + policy.version() + ": validation on " + samples.size();
    return holding(policy, sent -> flatten(phases.run(what, new Phase.Validate(sent), samples)));
  }

  @Override
  public List<EvaluationOutcome> evaluate(
      EvaluationRequest request, List<? extends Sample> samples) {
    String what = "Policy " + request.policy().version() + ": evaluation on " + samples.size();
    return holding(
        request.policy(),
        policy ->
            each(
                what,
                new Phase.Evaluate(
                    policy,
                    request.maxCompletionLength(),
                    request.confidenceSamples(),
                    request.hierarchicalTargets()),
                samples,
                EvaluationOutcome::failed));
  }

  /** Ends the workers of this JVM; those of other executors end with their JVM. */
  @Override
  public void close() {
    policies.destroyAll();
    ExecutorWorkers.release(key);
  }

  /** Works with a broadcast policy, which no other phase takes away meanwhile. */
  private <R> R holding(PolicyState policy, Function<Broadcast<PolicyState>, R> work) {
    Broadcast<PolicyState> sent;
    synchronized (held) {
      held.add(policy.digest());
      Set<String> kept = new HashSet<>(held);
      kept.add(referenceDigest);
      policies.keepOnly(List.of(policy), kept);
      sent = policies.of(policy);
    }
    try {
      return work.apply(sent);
    } finally {
      synchronized (held) {
        held.remove(policy.digest());
      }
    }
  }

  private Broadcast<PolicyState> broadcast(PolicyState policy) {
    synchronized (held) {
      return policies.of(policy);
    }
  }

  /**
   * One result for each item. Where tasks end with their executor, which of the items does that is
   * found by trying them one by one, so that the others have their results.
   */
  private <I, O> List<O> each(
      String what,
      Phase<I, List<O>> phase,
      List<? extends I> items,
      BiFunction<I, String, O> left) {
    try {
      return flatten(phases.run(what, phase, items));
    } catch (PhaseFailure e) {
      if (!e.tookExecutorsDown()) {
        throw e;
      }
      LOG.warn("{}: executors ended, trying one by one", what, e);
      return items.stream().map(item -> alone(what, phase, item, left)).toList();
    }
  }

  private <I, O> O alone(
      String what, Phase<I, List<O>> phase, I item, BiFunction<I, String, O> left) {
    try {
      return flatten(phases.run(what + ", one by one", phase, List.of(item))).get(0);
    } catch (PhaseFailure e) {
      if (!e.tookExecutorsDown()) {
        throw e;
      }
      LOG.warn("{}: an item ends every executor that works on it", what, e);
      return left.apply(item, "The executor ended each time it worked on this sample.");
    }
  }

  private static <T> List<T> flatten(List<List<T>> parts) {
    return parts.stream().flatMap(List::stream).toList();
  }
}
