package io.medvol.grpo.metrics;

import java.util.List;
import java.util.Map;

/**
 * Where the numbers of a run go. Names are TRL's; a value is an integer, a finite double or text.
 * Called by one thread.
 */
public interface MetricsSink extends AutoCloseable {
  /** Adds the numbers of one step, in this order; steps ascend. */
  void record(int step, Map<String, Object> metrics);

  /** Removes the steps from this one on: those a resumed run will make again. */
  void discardFrom(int step);

  @Override
  void close();

  /** Tells all of them, in order. */
  static MetricsSink all(List<MetricsSink> sinks) {
    List<MetricsSink> told = List.copyOf(sinks);
    return new MetricsSink() {
      @Override
      public void record(int step, Map<String, Object> metrics) {
        told.forEach(sink -> sink.record(step, metrics));
      }

      @Override
      public void discardFrom(int step) {
        told.forEach(sink -> sink.discardFrom(step));
      }

      @Override
      public void close() {
        told.forEach(MetricsSink::close);
      }
    };
  }
}
