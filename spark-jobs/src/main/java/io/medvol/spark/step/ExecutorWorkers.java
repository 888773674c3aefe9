package io.medvol.spark.step;

import io.medvol.rollout.worker.StepWorker;
import io.medvol.rollout.worker.StepWorkerFactory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The workers of this JVM: opened when a task first needs one, kept for the next, so that models
 * load once. As many as tasks have run at once, since a worker serves one thread at a time.
 *
 * <p>Static because Spark gives tasks of one executor nothing else in common. Thread-safe.
 */
final class ExecutorWorkers {
  private static final Map<String, Deque<StepWorker>> IDLE = new HashMap<>();
  private static final Set<String> RELEASED = ConcurrentHashMap.newKeySet();

  private ExecutorWorkers() {}

  /**
   * Lends an idle worker, or a new one. A worker whose work failed is not used again.
   *
   * @param key names workers that are interchangeable: same model, same settings
   */
  static <R> R with(String key, StepWorkerFactory factory, Function<StepWorker, R> work) {
    StepWorker worker = borrow(key);
    if (worker == null) {
      worker = factory.open();
    }
    boolean usable = false;
    try {
      R result = work.apply(worker);
      usable = true;
      return result;
    } finally {
      if (!usable || !giveBack(key, worker)) {
        worker.close();
      }
    }
  }

  /** Closes the workers of a key in this JVM; those still at work are closed when they are done. */
  static void release(String key) {
    Deque<StepWorker> workers;
    synchronized (IDLE) {
      RELEASED.add(key);
      workers = IDLE.remove(key);
    }
    if (workers != null) {
      workers.forEach(StepWorker::close);
    }
  }

  private static StepWorker borrow(String key) {
    synchronized (IDLE) {
      Deque<StepWorker> workers = IDLE.get(key);
      return workers == null ? null : workers.pollFirst();
    }
  }

  private static boolean giveBack(String key, StepWorker worker) {
    synchronized (IDLE) {
      if (RELEASED.contains(key)) {
        return false;
      }
      IDLE.computeIfAbsent(key, any -> new ArrayDeque<>()).addFirst(worker);
      return true;
    }
  }
}
