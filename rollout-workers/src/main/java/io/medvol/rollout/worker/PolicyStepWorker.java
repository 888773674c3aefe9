package io.medvol.rollout.worker;

import io.medvol.data.example.Sample;
import io.medvol.model.policy.PolicyModel;
import io.medvol.rollout.task.Task;
import io.medvol.rollout.trajectory.GradientShard;
import io.medvol.rollout.trajectory.GroupMeasurement;
import io.medvol.rollout.trajectory.PolicyState;
import io.medvol.rollout.trajectory.RolloutOutcome;
import io.medvol.rollout.trajectory.TrajectoryGroup;
import io.medvol.rollout.trajectory.WeightedGroup;
import java.util.List;

/** The worker of a vision-language policy: owns its network and its task. */
public final class PolicyStepWorker implements StepWorker {
  private final PolicyModel policy;
  private final Task task;
  private final RolloutWorker rollouts;
  private final GradientWorker gradients;
  private final EvaluationWorker evaluations;

  /**
   * @param policy owned from now on
   * @param task owned from now on
   * @param microBatch most answers that go through the network together in a gradient, at least 1
   */
  public PolicyStepWorker(PolicyModel policy, Task task, int microBatch) {
    this.policy = policy;
    this.task = task;
    PolicySlot slot = new PolicySlot(policy);
    rollouts = new RolloutWorker(slot, task, microBatch);
    gradients = new GradientWorker(slot, task, microBatch);
    evaluations = new EvaluationWorker(slot, task);
  }

  @Override
  public List<RolloutOutcome> rollout(RolloutRequest request, List<? extends Sample> samples) {
    return samples.stream().map(sample -> rollouts.rollout(request, sample)).toList();
  }

  @Override
  public GradientShard gradient(
      GradientRequest request, int partition, List<WeightedGroup> groups) {
    return gradients.gradient(request, partition, groups);
  }

  @Override
  public GradientShard demonstrate(
      PolicyState state, int partition, List<? extends Sample> samples) {
    return gradients.demonstrate(state, partition, samples);
  }

  @Override
  public List<GroupMeasurement> measure(
      PolicyState state, double temperature, List<TrajectoryGroup> groups) {
    return groups.stream().map(group -> gradients.measure(state, temperature, group)).toList();
  }

  @Override
  public List<DemonstrationLoss> validate(PolicyState state, List<? extends Sample> samples) {
    return samples.stream().map(sample -> gradients.validate(state, sample)).toList();
  }

  @Override
  public List<EvaluationOutcome> evaluate(
      EvaluationRequest request, List<? extends Sample> samples) {
    return samples.stream().map(sample -> evaluations.evaluate(request, sample)).toList();
  }

  @Override
  public void close() {
    policy.close();
    task.close();
  }
}
