package io.medvol.rollout.worker;

import io.medvol.data.example.Sample;
import io.medvol.rollout.trajectory.GradientShard;
import io.medvol.rollout.trajectory.GroupMeasurement;
import io.medvol.rollout.trajectory.PolicyState;
import io.medvol.rollout.trajectory.RolloutOutcome;
import io.medvol.rollout.trajectory.TrajectoryGroup;
import io.medvol.rollout.trajectory.WeightedGroup;
import java.util.List;

/**
 * Everything one worker does with one partition of a step. Results depend on the arguments alone,
 * not on earlier calls, so that any worker may run any partition, also twice. One thread at a time;
 * {@link #close} frees the models.
 */
public interface StepWorker extends AutoCloseable {
  /** One outcome for each sample, in order. */
  List<RolloutOutcome> rollout(RolloutRequest request, List<? extends Sample> samples);

  /**
   * The gradient of the loss over these groups, added up in order. Denominators stay those of the
   * request where a group's sample fails and is left out.
   */
  GradientShard gradient(GradientRequest request, int partition, List<WeightedGroup> groups);

  /**
   * The gradient of the cross-entropy of the samples' demonstrations, summed over tokens and not
   * divided: the caller divides by the tokens of the whole step.
   */
  GradientShard demonstrate(PolicyState policy, int partition, List<? extends Sample> samples);

  /** The groups' answers as this policy sees them, one entry for each group, in order. */
  List<GroupMeasurement> measure(
      PolicyState policy, double temperature, List<TrajectoryGroup> groups);

  /** The loss of each sample's demonstration, in order; no gradient. */
  List<DemonstrationLoss> validate(PolicyState policy, List<? extends Sample> samples);

  /** One outcome for each sample, in order. */
  List<EvaluationOutcome> evaluate(EvaluationRequest request, List<? extends Sample> samples);

  @Override
  void close();
}
