package io.medvol.grpo.step;

import io.medvol.data.example.Sample;
import io.medvol.model.MachineKind;
import io.medvol.rollout.trajectory.GradientShard;
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
import io.medvol.rollout.worker.StepWorker;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;

/** One worker that takes the partitions one after the other, and one call after the other. */
public final class LocalStepWorkers implements StepWorkers {
  private final StepWorker worker;
  private final int partitions;

  /** The worker now belongs to this object and is closed with it. */
  public LocalStepWorkers(StepWorker worker, int partitions) {
    this.worker = Objects.requireNonNull(worker, "worker");
    this.partitions = partitions;
  }

  @Override
  public synchronized List<RolloutOutcome> rollout(
      RolloutRequest request, List<? extends Sample> samples) {
    return Partitions.cut(samples, partitions).stream()
        .flatMap(part -> worker.rollout(request, part).stream())
        .toList();
  }

  @Override
  public synchronized GradientSum gradient(GradientRequest request, List<WeightedGroup> groups) {
    return sum(groups, (p, part) -> worker.gradient(request, p, part));
  }

  @Override
  public synchronized GradientSum demonstrate(PolicyState policy, List<? extends Sample> samples) {
    return sum(samples, (p, part) -> worker.demonstrate(policy, p, part));
  }

  @Override
  public synchronized List<GroupMeasurement> measure(
      PolicyState policy, double temperature, List<TrajectoryGroup> groups) {
    return Partitions.cut(groups, partitions).stream()
        .flatMap(part -> worker.measure(policy, temperature, part).stream())
        .toList();
  }

  @Override
  public synchronized List<DemonstrationLoss> validate(
      PolicyState policy, List<? extends Sample> samples) {
    return Partitions.cut(samples, partitions).stream()
        .flatMap(part -> worker.validate(policy, part).stream())
        .toList();
  }

  @Override
  public synchronized List<EvaluationOutcome> evaluate(
      EvaluationRequest request, List<? extends Sample> samples) {
    return Partitions.cut(samples, partitions).stream()
        .flatMap(part -> worker.evaluate(request, part).stream())
        .toList();
  }

  @Override
  public Set<String> machines() {
    return Set.of(MachineKind.here().toString());
  }

  private <T> GradientSum sum(
      List<? extends T> items, BiFunction<Integer, List<T>, GradientShard> task) {
    List<List<T>> parts = Partitions.cut(items, partitions);
    List<GradientShard> shards = new ArrayList<>(parts.size());
    for (int p = 0; p < parts.size(); p++) {
      shards.add(task.apply(p, parts.get(p)));
    }
    return GradientSum.of(shards);
  }

  @Override
  public void close() {
    worker.close();
  }
}
