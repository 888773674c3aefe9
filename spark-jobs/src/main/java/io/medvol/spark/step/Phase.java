package io.medvol.spark.step;

import io.medvol.data.example.Sample;
import io.medvol.model.policy.SamplingParams;
import io.medvol.rollout.objective.Objective;
import io.medvol.rollout.objective.UpdateScope;
import io.medvol.rollout.trajectory.GradientShard;
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
import java.io.Serializable;
import java.util.List;

/**
 * What every partition of a phase does. The policy is put back into the request on the executor, so
 * that parameters travel once to a JVM and not once to a task.
 *
 * @param <I> what the phase is cut by
 * @param <R> what one partition gives
 */
sealed interface Phase<I, R> extends Serializable {
  R run(Lending workers, Part<I> part);

  /** Draws and scores groups; {@code reference} is null without a KL term. */
  record Rollout(
      SentPolicy policy,
      SentPolicy reference,
      long runSeed,
      int step,
      int numGenerations,
      SamplingParams sampling,
      RolloutRequest.OldLogProbs oldLogProbs)
      implements Phase<Sample, List<RolloutOutcome>> {
    @Override
    public List<RolloutOutcome> run(Lending workers, Part<Sample> part) {
      RolloutRequest request =
          new RolloutRequest(
              policy.value(),
              reference == null ? null : reference.value(),
              runSeed,
              step,
              numGenerations,
              sampling,
              oldLogProbs);
      return Quarantine.each(
          workers,
          part.items(),
          (worker, sample) -> worker.rollout(request, List.of(sample)).get(0),
          RolloutOutcome.Failed::new);
    }
  }

  /** Differentiates the loss. */
  record Gradient(
      SentPolicy policy,
      double temperature,
      Objective objective,
      GradientRequest.OldPolicy oldPolicy,
      GradientRequest.DrawnBy drawnBy,
      UpdateScope scope)
      implements Phase<WeightedGroup, GradientShard> {
    @Override
    public GradientShard run(Lending workers, Part<WeightedGroup> part) {
      GradientRequest request =
          new GradientRequest(policy.value(), temperature, objective, oldPolicy, drawnBy, scope);
      return Quarantine.sum(
          workers,
          part.items(),
          group -> group.group().sample().id(),
          (worker, groups) -> worker.gradient(request, part.index(), groups));
    }
  }

  /** Differentiates the cross-entropy of demonstrations. */
  record Demonstrate(SentPolicy policy) implements Phase<Sample, GradientShard> {
    @Override
    public GradientShard run(Lending workers, Part<Sample> part) {
      PolicyState state = policy.value();
      return Quarantine.sum(
          workers,
          part.items(),
          Sample::id,
          (worker, samples) -> worker.demonstrate(state, part.index(), samples));
    }
  }

  /** Looks at the answers of groups with this policy. */
  record Measure(SentPolicy policy, double temperature)
      implements Phase<TrajectoryGroup, List<GroupMeasurement>> {
    @Override
    public List<GroupMeasurement> run(Lending workers, Part<TrajectoryGroup> part) {
      PolicyState state = policy.value();
      return Quarantine.each(
          workers,
          part.items(),
          (worker, group) -> worker.measure(state, temperature, List.of(group)).get(0),
          (group, reason) -> GroupMeasurement.failed(reason));
    }
  }

  /** The loss of demonstrations, without its gradient. */
  record Validate(SentPolicy policy) implements Phase<Sample, List<DemonstrationLoss>> {
    @Override
    public List<DemonstrationLoss> run(Lending workers, Part<Sample> part) {
      PolicyState state = policy.value();
      return Quarantine.each(
          workers,
          part.items(),
          (worker, sample) -> worker.validate(state, List.of(sample)).get(0),
          (sample, reason) -> DemonstrationLoss.failed(reason));
    }
  }

  /** Answers greedily. */
  record Evaluate(
      SentPolicy policy,
      int maxCompletionLength,
      int confidenceSamples,
      List<String> hierarchicalTargets)
      implements Phase<Sample, List<EvaluationOutcome>> {
    @Override
    public List<EvaluationOutcome> run(Lending workers, Part<Sample> part) {
      EvaluationRequest request =
          new EvaluationRequest(
              policy.value(), maxCompletionLength, confidenceSamples, hierarchicalTargets);
      return Quarantine.each(
          workers,
          part.items(),
          (worker, sample) -> worker.evaluate(request, List.of(sample)).get(0),
          EvaluationOutcome::failed);
    }
  }
}
