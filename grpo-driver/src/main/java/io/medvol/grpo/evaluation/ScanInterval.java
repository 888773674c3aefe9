package io.medvol.grpo.evaluation;

import io.medvol.data.example.Sample;
import io.medvol.reward.metric.Bootstrap;
import io.medvol.reward.metric.ConfidenceInterval;
import io.medvol.rollout.worker.EvaluationOutcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * Means over questions with 95 per cent intervals over scans: questions about one scan, or one
 * picture, are not independent, so that its questions are drawn together. One seed, so that a
 * measure has one interval wherever it is shown.
 */
final class ScanInterval {
  static final long SEED = 20_261_121;

  private ScanInterval() {}

  /** Of the outcomes that have a finite value. */
  static ConfidenceInterval of(
      List<EvaluationOutcome> outcomes, ToDoubleFunction<EvaluationOutcome> value) {
    Grouped grouped = new Grouped();
    outcomes.forEach(outcome -> grouped.add(unit(outcome.sample()), value.applyAsDouble(outcome)));
    return of(grouped.clusters());
  }

  static ConfidenceInterval of(Collection<double[]> clusters) {
    return Bootstrap.withSeed(SEED).mean(clusters);
  }

  /**
   * What samples must share to depend on each other. Shards know scans and pictures, no patient.
   */
  static String unit(Sample sample) {
    return sample.sourceId();
  }

  /** Finite values by their unit; the order of the units does not depend on that of the values. */
  static final class Grouped {
    private final Map<String, List<Double>> values = new TreeMap<>();

    void add(String unit, double value) {
      if (Double.isFinite(value)) {
        values.computeIfAbsent(unit, absent -> new ArrayList<>()).add(value);
      }
    }

    Collection<double[]> clusters() {
      return values.values().stream()
          .map(list -> list.stream().mapToDouble(Double::doubleValue).toArray())
          .toList();
    }
  }
}
