package io.medvol.spark.cluster;

import io.medvol.data.example.Sample;
import io.medvol.grpo.fixture.ForwardingWorker;
import io.medvol.rollout.fixture.TinyWorkers;
import io.medvol.rollout.trajectory.GradientShard;
import io.medvol.rollout.trajectory.RolloutOutcome;
import io.medvol.rollout.trajectory.WeightedGroup;
import io.medvol.rollout.worker.GradientRequest;
import io.medvol.rollout.worker.RolloutRequest;
import io.medvol.rollout.worker.StepWorker;
import io.medvol.rollout.worker.StepWorkerFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.TaskContext;

/**
 * Workers whose first attempt at a task fails now and then, by the seed and the task's place.
 *
 * @param share of the tasks whose first attempt fails
 */
record FaultyWorkers(long seed, double share) implements StepWorkerFactory {
  private static final Set<Long> FAILED = ConcurrentHashMap.newKeySet();

  @Override
  public StepWorker open() {
    return new ForwardingWorker(TinyWorkers.learnable()) {
      @Override
      public List<RolloutOutcome> rollout(RolloutRequest request, List<? extends Sample> samples) {
        perhapsFail();
        return super.rollout(request, samples);
      }

      @Override
      public GradientShard gradient(
          GradientRequest request, int partition, List<WeightedGroup> groups) {
        perhapsFail();
        return super.gradient(request, partition, groups);
      }
    };
  }

  private void perhapsFail() {
    TaskContext task = TaskContext.get();
    long place = seed * 1_000_003 + task.stageId() * 101L + task.partitionId();
    boolean fails =
        task.attemptNumber() == 0 && new Random(place).nextDouble() < share && FAILED.add(place);
    if (fails) {
      // No fault of a sample: Spark repeats the task.
      throw new UncheckedIOException(new IOException("A fault of stage " + task.stageId()));
    }
  }
}
