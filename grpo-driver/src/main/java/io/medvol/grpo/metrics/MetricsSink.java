package io.medvol.grpo.metrics;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where the numbers of a run go. Names are TRL's; a value is an integer, a finite double or text.
 * Called by one thread.
 */
public interface MetricsSink extends AutoCloseable {
  /** Name of a sentence for the person who waits, in the step it is about. */
  String WARNING = "warning";

  /** Adds the numbers of one step, in this order; steps ascend. */
  void record(int step, Map<String, Object> metrics);

  /** Removes the steps from this one on: those a resumed run will make again. */
  void discardFrom(int step);

  /** Steps before this one that were recorded and are gone; a sink that keeps none lacks none. */
  default Set<Integer> missingBefore(int step) {
    return Set.of();
  }

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
      public Set<Integer> missingBefore(int step) {
        return told.stream()
            .flatMap(sink -> sink.missingBefore(step).stream())
            .collect(Collectors.toSet());
      }

      @Override
      public void close() {
        told.forEach(MetricsSink::close);
      }
    };
  }
}
