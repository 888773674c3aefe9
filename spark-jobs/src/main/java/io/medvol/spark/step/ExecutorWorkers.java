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
import java.util.function.Predicate;

/**
 * The workers of this JVM: opened when a task first needs one, kept for the next, so that models
 * load once for each device. As many as tasks have run at once, since a worker serves one thread at
 * a time; what they have in common is there once, and goes with the last of them. Those of another
 * model make room for the first of a new one.
 *
 * <p>Static because Spark gives tasks of one executor nothing else in common. Thread-safe.
 */
final class ExecutorWorkers {
  private static final Map<Kind, Pool> POOLS = new HashMap<>();
  private static final Set<String> RELEASED = new HashSet<>();

  private ExecutorWorkers() {}

  /**
   * Workers that are interchangeable.
   *
   * @param key same model, same settings
   * @param device they were opened for; empty for the processor
   */
  record Kind(String key, String device) {}

  /** The workers of one kind. Guarded by {@link #POOLS}. */
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
   * @throws WorkerUnavailable if there is none and none can be opened
   */
  static <R> R with(Kind kind, StepWorkerFactory factory, Function<StepWorker, R> work) {
    Pool pool;
    StepWorker worker;
    synchronized (POOLS) {
      pool = POOLS.get(kind);
      if (pool == null) {
        closeIdle(other -> !other.key().equals(kind.key()));
        pool = new Pool(source(factory));
        POOLS.put(kind, pool);
      }
      pool.lent++;
      worker = pool.idle.pollFirst();
    }
    boolean usable = false;
    try {
      if (worker == null) {
        worker = open(pool.source);
      }
      R result = work.apply(worker);
      usable = true;
      return result;
    } finally {
      giveBack(kind, pool, usable ? worker : null, usable ? null : worker);
    }
  }

  private static StepWorkerSource source(StepWorkerFactory factory) {
    try {
      return factory.source();
    } catch (RuntimeException e) {
      throw new WorkerUnavailable(e);
    }
  }

  private static StepWorker open(StepWorkerSource source) {
    try {
      return source.open();
    } catch (RuntimeException e) {
      throw new WorkerUnavailable(e);
    }
  }

  /** Closes the workers of a key in this JVM; those still at work are closed when they are done. */
  static void release(String key) {
    synchronized (POOLS) {
      RELEASED.add(key);
      closeIdle(kind -> kind.key().equals(key));
    }
  }

  /**
   * @param usable a worker for the next task; null if there is none
   * @param broken a worker that is not used again; null if there is none
   */
  private static void giveBack(Kind kind, Pool pool, StepWorker usable, StepWorker broken) {
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
        if (RELEASED.contains(kind.key())) {
          closeIdle(kind::equals);
        }
      }
    }
  }

  private static void closeIdle(Predicate<Kind> unwanted) {
    for (Kind kind : List.copyOf(POOLS.keySet())) {
      if (unwanted.test(kind)) {
        closeIdle(kind, POOLS.get(kind));
      }
    }
  }

  private static void closeIdle(Kind kind, Pool pool) {
    List<StepWorker> idle = List.copyOf(pool.idle);
    pool.idle.clear();
    idle.forEach(StepWorker::close);
    if (pool.lent == 0) {
      POOLS.remove(kind);
      pool.source.close();
    }
  }
}
