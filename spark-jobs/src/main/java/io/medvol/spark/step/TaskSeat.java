package io.medvol.spark.step;

import io.medvol.rollout.worker.StepWorker;
import io.medvol.rollout.worker.StepWorkerFactory;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;

/**
 * Where a task runs: its executor, its GPU, and how long workers have worked for it. One thread.
 */
final class TaskSeat implements Lending {
  private static final String GPU = "gpu";

  private final ExecutorWorkers.Kind kind;
  private final StepWorkerFactory factory;
  private final String machine;
  private final String gpu;
  private long workedNanos;

  /**
   * @param machine kind of the executor
   */
  TaskSeat(String key, StepWorkerFactory factory, String machine) {
    this.machine = machine;
    this.factory = factory;
    this.gpu = gpu(TaskContext.get().resourcesJMap());
    this.kind = new ExecutorWorkers.Kind(key, gpu);
  }

  private static String gpu(Map<String, ResourceInformation> resources) {
    ResourceInformation found = resources.get(GPU);
    return found == null ? "" : String.join(",", found.addresses());
  }

  @Override
  public <T> T with(Function<StepWorker, T> work) {
    return ExecutorWorkers.with(
        kind,
        factory,
        worker -> {
          long start = System.nanoTime();
          try {
            return work.apply(worker);
          } finally {
            workedNanos += System.nanoTime() - start;
          }
        });
  }

  <R> PartResult<R> result(R value) {
    return new PartResult<>(
        value, new TaskWork(SparkEnv.get().executorId(), machine, gpu, workedNanos / 1e9));
  }
}
