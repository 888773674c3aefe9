package io.medvol.grpo.step;

import io.medvol.data.example.Sample;
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
import java.util.List;
import java.util.Set;

/**
 * The workers of a run as the driver sees them. Every implementation cuts its arguments with {@link
 * Partitions#cut} into the configured number of parts, hands each to a {@code StepWorker}, and adds
 * gradients with {@link GradientSum#of}: equal arguments give equal bits everywhere.
 *
 * <p>Calls come from one thread, one at a time, but for one: a rollout may run on another thread
 * beside them. A failure that is not the data's is thrown.
 */
public interface StepWorkers extends AutoCloseable {
  /** One outcome for each sample, in order. */
  List<RolloutOutcome> rollout(RolloutRequest request, List<? extends Sample> samples);

  /** The gradient of the loss over all groups; at least one group. */
  GradientSum gradient(GradientRequest request, List<WeightedGroup> groups);

  /** Summed cross-entropy gradient of the samples' demonstrations; at least one sample. */
  GradientSum demonstrate(PolicyState policy, List<? extends Sample> samples);

  /** The groups' answers as this policy sees them, one entry for each group, in order. */
  List<GroupMeasurement> measure(
      PolicyState policy, double temperature, List<TrajectoryGroup> groups);

  /** The loss of each sample's demonstration, in order. */
  List<DemonstrationLoss> validate(PolicyState policy, List<? extends Sample> samples);

  /** One outcome for each sample, in order. */
  List<EvaluationOutcome> evaluate(EvaluationRequest request, List<? extends Sample> samples);

  /** The kinds of machine that have done any of this so far, each in words. */
  Set<String> machines();

  @Override
  void close();
}
