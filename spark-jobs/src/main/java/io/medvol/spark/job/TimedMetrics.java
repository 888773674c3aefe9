package io.medvol.spark.job;

import io.medvol.grpo.metrics.MetricsSink;
import io.medvol.spark.step.PhaseClock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Adds to the metrics of each step what its phases took on the cluster, and the processor time of
 * this process: on a master in this process that is the whole of it, however busy the machine is.
 */
final class TimedMetrics implements MetricsSink {
  /** Seconds of processor time of the driver's process since the step before. */
  static final String CPU_SECONDS = "spark/driver_cpu_seconds";

  private final PhaseClock clock;
  private final MetricsSink told;
  private Duration before = cpu();

  TimedMetrics(PhaseClock clock, MetricsSink told) {
    this.clock = clock;
    this.told = told;
  }

  @Override
  public void record(int step, Map<String, Object> metrics) {
    Map<String, Object> all = new LinkedHashMap<>(metrics);
    all.putAll(clock.drain());
    Duration now = cpu();
    if (now.compareTo(before) > 0) {
      all.put(CPU_SECONDS, now.minus(before).toNanos() / 1e9);
    }
    before = now;
    told.record(step, all);
  }

  @Override
  public void discardFrom(int step) {
    told.discardFrom(step);
  }

  @Override
  public Set<Integer> missingBefore(int step) {
    return told.missingBefore(step);
  }

  @Override
  public void close() {
    told.close();
  }

  /** Zero where the system does not tell. */
  private static Duration cpu() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }
}
