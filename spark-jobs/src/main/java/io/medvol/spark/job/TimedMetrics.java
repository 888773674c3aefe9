package io.medvol.spark.job;

import io.medvol.grpo.metrics.MetricsSink;
import io.medvol.spark.step.PhaseClock;
import java.util.LinkedHashMap;
import java.util.Map;

/** Adds to the metrics of each step what its phases took on the cluster. */
record TimedMetrics(PhaseClock clock, MetricsSink told) implements MetricsSink {
  @Override
  public void record(int step, Map<String, Object> metrics) {
    Map<String, Object> all = new LinkedHashMap<>(metrics);
    all.putAll(clock.drain());
    told.record(step, all);
  }

  @Override
  public void discardFrom(int step) {
    told.discardFrom(step);
  }

  @Override
  public void close() {
    told.close();
  }
}
