package io.medvol.grpo.train;

import io.medvol.grpo.config.GrpoConfig;
import io.medvol.grpo.step.StepWorkers;
import io.medvol.rollout.objective.EntropyThreshold;
import io.medvol.rollout.objective.Objective;
import io.medvol.rollout.objective.UpdateScope;
import io.medvol.rollout.trajectory.GradientSum;
import io.medvol.rollout.trajectory.GroupMeasurement;
import io.medvol.rollout.trajectory.PolicyState;
import io.medvol.rollout.trajectory.SampleFailure;
import io.medvol.rollout.trajectory.WeightedGroup;
import io.medvol.rollout.worker.GradientRequest;
import io.medvol.rollout.worker.GradientRequest.DrawnBy;
import io.medvol.rollout.worker.GradientRequest.OldPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/** Takes the gradients of a step's updates: which policies they compare, and on which tokens. */
final class PolicyUpdates {
  private final Objective objective;
  private final double temperature;
  private final StepWorkers workers;

  PolicyUpdates(GrpoConfig config, Objective objective, StepWorkers workers) {
    this.objective = objective;
    this.temperature = config.sampling().temperature();
    this.workers = workers;
  }

  /**
   * The batches as the updates need them: where an older policy drew the answers and more than one
   * update is made, with what the policy makes of them before the first.
   *
   * @param updates to be made in all
   */
  List<UpdateBatch> begin(
      List<UpdateBatch> batches, int updates, PolicyState policy, PolicyState drawnBy) {
    if (updates < 2 || !corrected(policy, drawnBy)) {
      return batches;
    }
    List<UpdateBatch> measured = new ArrayList<>();
    for (UpdateBatch batch : batches) {
      List<GroupMeasurement> found = workers.measure(policy, temperature, batch.trajectoryGroups());
      List<WeightedGroup> groups = new ArrayList<>();
      List<SampleFailure> failures = new ArrayList<>();
      for (int g = 0; g < found.size(); g++) {
        WeightedGroup group = batch.groups().get(g);
        if (found.get(g).failure() == null) {
          groups.add(group.withMeasured(found.get(g).logProbs()));
        } else {
          failures.add(new SampleFailure(group.group().sample().id(), found.get(g).failure()));
        }
      }
      measured.add(new UpdateBatch(groups, batch.denominators(), failures));
    }
    return measured;
  }

  /**
   * The gradient of one update.
   *
   * @param policy where it is taken
   * @param began policy of the step's first update
   * @param drawnBy policy that drew the answers
   */
  GradientSum gradient(
      UpdateBatch batch, PolicyState policy, PolicyState began, PolicyState drawnBy) {
    boolean first = policy.digest().equals(began.digest());
    OldPolicy old;
    if (corrected(began, drawnBy)) {
      old = first ? OldPolicy.CURRENT : OldPolicy.MEASURED;
    } else {
      old = policy.digest().equals(drawnBy.digest()) ? OldPolicy.CURRENT : OldPolicy.RECORDED;
    }
    GradientRequest request =
        new GradientRequest(
            policy,
            temperature,
            objective,
            old,
            corrected(began, drawnBy) ? DrawnBy.OLDER_POLICY : DrawnBy.OLD_POLICY,
            new UpdateScope(batch.denominators(), entropyThreshold(batch, policy)));
    return workers.gradient(request, batch.groups());
  }

  private boolean corrected(PolicyState began, PolicyState drawnBy) {
    return objective.offPolicy().corrects() && !began.digest().equals(drawnBy.digest());
  }

  /** Of the groups that can be measured; the others will fail in the gradient too. */
  private double entropyThreshold(UpdateBatch batch, PolicyState policy) {
    if (!objective.selectsTokens()) {
      return Double.NEGATIVE_INFINITY;
    }
    List<GroupMeasurement> found = workers.measure(policy, temperature, batch.trajectoryGroups());
    DoubleStream.Builder entropies = DoubleStream.builder();
    for (int g = 0; g < found.size(); g++) {
      for (int i = 0; i < found.get(g).entropies().size(); i++) {
        if (batch.groups().get(g).group().trajectories().get(i).countsIn(objective)) {
          DoubleStream.of(found.get(g).entropies().get(i).toArray()).forEach(entropies::add);
        }
      }
    }
    return EntropyThreshold.of(entropies.build().toArray(), objective.topEntropyQuantile());
  }
}
