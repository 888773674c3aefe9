package io.medvol.rollout.worker;

import io.medvol.data.example.VrsSample;
import io.medvol.model.policy.PolicyModel;
import io.medvol.reward.propagation.MaskPropagator;
import io.medvol.rollout.prompt.SlicePromptBuilder;
import io.medvol.rollout.prompt.SliceSource;
import io.medvol.rollout.reward.GroupScorer;
import io.medvol.rollout.trajectory.GradientShard;
import io.medvol.rollout.trajectory.PolicyState;
import io.medvol.rollout.trajectory.RolloutOutcome;
import io.medvol.rollout.trajectory.WeightedGroup;
import java.util.List;

/** The worker of a vision-language policy: owns its network and its segmenter. */
public final class PolicyStepWorker implements StepWorker {
  private final PolicyModel policy;
  private final MaskPropagator propagator;
  private final RolloutWorker rollouts;
  private final GradientWorker gradients;
  private final EvaluationWorker evaluations;

  /**
   * @param policy owned from now on
   * @param propagator draws the masks of evaluations; owned from now on; the scorer may use it too
   * @param microBatch most answers that go through the network together in a gradient, at least 1
   */
  public PolicyStepWorker(
      PolicyModel policy,
      SliceSource volumes,
      SlicePromptBuilder prompts,
      GroupScorer scorer,
      MaskPropagator propagator,
      int microBatch) {
    this.policy = policy;
    this.propagator = propagator;
    PolicySlot slot = new PolicySlot(policy);
    rollouts = new RolloutWorker(slot, volumes, prompts, scorer);
    gradients = new GradientWorker(slot, volumes, prompts, microBatch);
    evaluations = new EvaluationWorker(slot, volumes, prompts, scorer, propagator);
  }

  @Override
  public List<RolloutOutcome> rollout(RolloutRequest request, List<VrsSample> samples) {
    return samples.stream().map(sample -> rollouts.rollout(request, sample)).toList();
  }

  @Override
  public GradientShard gradient(
      GradientRequest request, int partition, List<WeightedGroup> groups) {
    return gradients.gradient(request, partition, groups);
  }

  @Override
  public GradientShard demonstrate(PolicyState state, int partition, List<VrsSample> samples) {
    return gradients.demonstrate(state, partition, samples);
  }

  @Override
  public List<EvaluationOutcome> evaluate(EvaluationRequest request, List<VrsSample> samples) {
    return samples.stream().map(sample -> evaluations.evaluate(request, sample)).toList();
  }

  @Override
  public void close() {
    policy.close();
    propagator.close();
  }
}
