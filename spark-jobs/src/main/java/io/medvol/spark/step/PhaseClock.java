package io.medvol.spark.step;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How long the phases of a step took, how long the workers of the busiest executor were at work in
 * them, and which GPUs the tasks were given. Thread-safe.
 */
public final class PhaseClock {
  private static final String PREFIX = "spark/";

  private final Map<String, Double> wall = new TreeMap<>();
  private final Map<String, Double> busiest = new TreeMap<>();
  private final Map<String, Double> everybody = new TreeMap<>();
  private final TreeSet<String> gpus = new TreeSet<>();
  private final TreeSet<String> executors = new TreeSet<>();
  private final TreeSet<String> machines = new TreeSet<>();

  /**
   * @param seconds from the driver's call to its result
   */
  synchronized void add(String phase, double seconds, List<TaskWork> tasks) {
    wall.merge(phase, seconds, Double::sum);
    Map<String, Double> worked = new HashMap<>();
    for (TaskWork task : tasks) {
      worked.merge(task.executor(), task.seconds(), Double::sum);
      executors.add(task.executor());
      machines.add(task.machine());
      if (!task.gpu().isEmpty()) {
        gpus.add(task.gpu());
      }
    }
    double most = worked.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
    busiest.merge(phase, most, Double::sum);
    double sum = worked.values().stream().mapToDouble(Double::doubleValue).sum();
    everybody.merge(phase, sum, Double::sum);
  }

  /** The kinds of machine of all tasks so far. */
  synchronized Set<String> machines() {
    return Set.copyOf(machines);
  }

  /**
   * The sums since the last call, as metrics: {@code spark/PHASE/seconds} of wall time, {@code
   * spark/PHASE/worker_seconds} of the busiest executor, which with one task slot to an executor is
   * the time no scheduler could save, {@code spark/PHASE/all_worker_seconds} of all of them, {@code
   * spark/executors} that took part, {@code spark/machines} if they were of several kinds, and
   * {@code spark/gpus}.
   */
  public synchronized Map<String, Object> drain() {
    Map<String, Object> metrics = new LinkedHashMap<>();
    wall.forEach(
        (phase, seconds) -> {
          String name = PREFIX + phase.toLowerCase(Locale.ROOT);
          metrics.put(name + "/seconds", seconds);
          metrics.put(name + "/worker_seconds", busiest.get(phase));
          metrics.put(name + "/all_worker_seconds", everybody.get(phase));
        });
    metrics.put(PREFIX + "executors", executors.size());
    if (machines.size() > 1) {
      metrics.put(PREFIX + "machines", String.join("; ", machines));
    }
    if (!gpus.isEmpty()) {
      metrics.put(PREFIX + "gpus", String.join(" ", gpus));
    }
    wall.clear();
    busiest.clear();
    everybody.clear();
    gpus.clear();
    executors.clear();
    return metrics;
  }
}
