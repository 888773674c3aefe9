package io.medvol.bench.spark;

import io.medvol.data.example.Sample;
import io.medvol.rollout.objective.ObjectiveSums;
import io.medvol.rollout.trajectory.FloatVector;
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
import io.medvol.rollout.worker.StepWorker;
import java.util.List;

/** Computes nothing: its gradient is the policy itself, so that only what travels takes time. */
final class IdleWorker implements StepWorker {
  @Override
  public GradientShard demonstrate(
      PolicyState policy, int partition, List<? extends Sample> samples) {
    return shard(policy.parameters(), partition);
  }

  @Override
  public GradientShard gradient(
      GradientRequest request, int partition, List<WeightedGroup> groups) {
    return shard(request.policy().parameters(), partition);
  }

  private static GradientShard shard(FloatVector gradient, int partition) {
    return new GradientShard(partition, gradient, ObjectiveSums.ZERO);
  }

  @Override
  public List<DemonstrationLoss> validate(PolicyState policy, List<? extends Sample> samples) {
    return samples.stream().map(sample -> new DemonstrationLoss(0, 1)).toList();
  }

  @Override
  public List<RolloutOutcome> rollout(RolloutRequest request, List<? extends Sample> samples) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<GroupMeasurement> measure(
      PolicyState policy, double temperature, List<TrajectoryGroup> groups) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<EvaluationOutcome> evaluate(
      EvaluationRequest request, List<? extends Sample> samples) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    // Nothing is held.
  }
}
