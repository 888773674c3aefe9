package io.medvol.grpo.evaluation;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.example.ChoiceSample;
import io.medvol.reward.metric.PairedComparison;
import io.medvol.rollout.worker.EvaluationOutcome;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What one evaluation has over another on the samples both answered: a mean difference over
 * questions with its bootstrap interval, and a paired test, both over scans or pictures.
 *
 * @param policy answers of the policy
 * @param baseline those of the other, by the sample's id: a name such as {@code accuracy} to its
 *     value
 */
public record EvaluationComparison(
    List<EvaluationOutcome> policy, Map<String, Map<String, Double>> baseline) {
  /** What is compared, where an answer has it. */
  public static final List<String> MEASURES = List.of("accuracy", "dice", "reward");

  public EvaluationComparison {
    policy = List.copyOf(policy);
    Objects.requireNonNull(baseline, "baseline");
  }

  private static double value(EvaluationOutcome outcome, String measure) {
    return switch (measure) {
      case "accuracy" ->
          outcome.sample() instanceof ChoiceSample ? ChoiceAccuracy.of(outcome) : Double.NaN;
      case "dice" -> outcome.dice();
      default -> outcome.reward() == null ? Double.NaN : outcome.reward().total();
    };
  }

  /**
   * The differences by name, such as {@code eval_accuracy-minus-baseline}.
   *
   * @throws MedVolException (INVALID_INPUT) if the evaluations have no sample in common
   */
  public Map<String, Object> metrics() {
    List<EvaluationOutcome> common =
        policy.stream()
            .filter(outcome -> baseline.containsKey(outcome.sample().id()))
            .sorted(Comparator.comparing(outcome -> outcome.sample().id()))
            .toList();
    if (common.isEmpty()) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "None of the "
              + policy.size()
              + " samples is among the "
              + baseline.size()
              + " of the baseline; evaluate both on the same shards.");
    }
    Map<String, Object> metrics = new LinkedHashMap<>();
    for (String measure : MEASURES) {
      ScanInterval.Grouped differences = new ScanInterval.Grouped();
      for (EvaluationOutcome outcome : common) {
        double there = baseline.get(outcome.sample().id()).getOrDefault(measure, Double.NaN);
        differences.add(ScanInterval.unit(outcome.sample()), value(outcome, measure) - there);
      }
      if (!differences.clusters().isEmpty()) {
        metrics.put(
            "eval_" + measure + "-minus-baseline",
            fields(PairedComparison.of(differences.clusters(), ScanInterval.SEED)));
      }
    }
    return metrics;
  }

  private static Map<String, Object> fields(PairedComparison comparison) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("mean", comparison.difference().mean());
    if (!Double.isNaN(comparison.difference().low())) {
      fields.put("ci95-low", comparison.difference().low());
      fields.put("ci95-high", comparison.difference().high());
    }
    fields.put("p-value", comparison.pValue());
    fields.put("samples", comparison.cases());
    fields.put("scans", comparison.clusters());
    return fields;
  }
}
