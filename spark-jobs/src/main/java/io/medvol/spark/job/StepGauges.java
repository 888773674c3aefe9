package io.medvol.spark.job;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import io.medvol.grpo.metrics.MetricsSink;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkEnv;
import org.apache.spark.metrics.source.Source;

/**
 * The numbers of the newest step as gauges of Spark's metrics system, for whatever sinks the
 * cluster has: {@code NAMESPACE.driver.training.reward_std}, with dots where our names have
 * slashes. Thread-safe.
 */
final class StepGauges implements MetricsSink, Source {
  private final MetricRegistry registry = new MetricRegistry();
  private final Map<String, Double> newest = new ConcurrentHashMap<>();

  private StepGauges() {}

  /** Begins to show them in the session of this JVM. */
  static StepGauges register() {
    StepGauges gauges = new StepGauges();
    SparkEnv.get().metricsSystem().registerSource(gauges);
    return gauges;
  }

  @Override
  public String sourceName() {
    return "training";
  }

  @Override
  public MetricRegistry metricRegistry() {
    return registry;
  }

  @Override
  public void record(int step, Map<String, Object> metrics) {
    show("step", step);
    metrics.forEach(
        (name, value) -> {
          if (value instanceof Number number) {
            show(name.replace('/', '.'), number.doubleValue());
          }
        });
  }

  private void show(String name, double value) {
    if (newest.put(name, value) == null) {
      registry.gauge(name, () -> (Gauge<Double>) () -> newest.get(name));
    }
  }

  @Override
  public void discardFrom(int step) {}

  /** Ends with the run, not with the session. */
  @Override
  public void close() {
    if (SparkEnv.get() != null) {
      SparkEnv.get().metricsSystem().removeSource(this);
    }
  }
}
