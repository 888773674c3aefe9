package io.medvol.spark.step;

import io.medvol.rollout.worker.StepWorker;
import io.medvol.rollout.worker.StepWorkerFactory;
import io.medvol.rollout.worker.StepWorkerSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The workers of this JVM: opened when a task first needs one, kept for the next, so that models
 * load once. As many as tasks have run at once, since a worker serves one thread at a time; what
 * they have in common is there once, and goes with the last of them.
 *
 * <p>Static because Spark gives tasks of one executor nothing else in common. Thread-safe.
 */
final class ExecutorWorkers {
  private static final Map<String, Pool> POOLS = new HashMap<>();
  private static final Set<String> RELEASED = new HashSet<>();

  private ExecutorWorkers() {}

  /** The workers of one key. Guarded by {@link #POOLS}. */
  private static final class Pool {
    private final StepWorkerSource source;
    private final Deque<StepWorker> idle = new ArrayDeque<>();
    private int lent;

    Pool(StepWorkerSource source) {
      this.source = source;
    }
  }

  /**
   * Lends an idle worker, or a new one. A worker whose work failed is not used again.
   *
   * @param key names workers that are interchangeable: same model, same settings
   */
  static <R> R with(String key, StepWorkerFactory factory, Function<StepWorker, R> work) {
    Pool pool;
    StepWorker worker;
    synchronized (POOLS) {
      pool = POOLS.get(key);
      if (pool == null) {
        pool = new Pool(factory.source());
        POOLS.put(key, pool);
      }
      pool.lent++;
      worker = pool.idle.pollFirst();
    }
    boolean usable = false;
    try {
      if (worker == null) {
        worker = pool.source.open();
      }
      R result = work.apply(worker);
      usable = true;
      return result;
    } finally {
      giveBack(key, pool, usable ? worker : null, usable ? null : worker);
    }
  }

  /** Closes the workers of a key in this JVM; those still at work are closed when they are done. */
  static void release(String key) {
    synchronized (POOLS) {
      RELEASED.add(key);
      Pool pool = POOLS.get(key);
      if (pool != null) {
        closeIfDone(key, pool);
      }
    }
  }

  /**
   * @param usable a worker for the next task; null if there is none
   * @param broken a worker that is not used again; null if there is none
   */
  private static void giveBack(String key, Pool pool, StepWorker usable, StepWorker broken) {
    synchronized (POOLS) {
      pool.lent--;
      if (usable != null) {
        pool.idle.addFirst(usable);
      }
      try {
        if (broken != null) {
          broken.close();
        }
      } finally {
        if (RELEASED.contains(key)) {
          closeIfDone(key, pool);
        }
      }
    }
  }

  private static void closeIfDone(String key, Pool pool) {
    List<StepWorker> idle = List.copyOf(pool.idle);
    pool.idle.clear();
    idle.forEach(StepWorker::close);
    if (pool.lent == 0) {
      POOLS.remove(key);
      pool.source.close();
    }
  }
}
