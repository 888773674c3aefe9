package io.medvol.grpo.evaluation;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.example.ChoiceSample;
import io.medvol.reward.metric.PairedComparison;
import io.medvol.rollout.worker.EvaluationOutcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What one evaluation has over another on the samples both answered: a mean difference with its
 * bootstrap interval, and a paired test.
 *
 * @param policy answers of the policy, by the sample's id: a name such as {@code accuracy} to its
 *     value
 * @param baseline those of the other
 */
public record EvaluationComparison(
    Map<String, Map<String, Double>> policy, Map<String, Map<String, Double>> baseline) {
  /** What is compared, where an answer has it. */
  public static final List<String> MEASURES = List.of("accuracy", "dice", "reward");

  private static final long SEED = 20_261_122;

  public EvaluationComparison {
    Objects.requireNonNull(policy, "policy");
    Objects.requireNonNull(baseline, "baseline");
  }

  /** What a comparison needs to know of an evaluation. */
  public static Map<String, Map<String, Double>> values(List<EvaluationOutcome> outcomes) {
    Map<String, Map<String, Double>> values = new LinkedHashMap<>();
    for (EvaluationOutcome outcome : outcomes) {
      Map<String, Double> measures = new LinkedHashMap<>();
      if (outcome.sample() instanceof ChoiceSample) {
        measures.put("accuracy", ChoiceAccuracy.of(outcome));
      }
      measures.put("dice", outcome.dice());
      measures.put("reward", outcome.reward() == null ? Double.NaN : outcome.reward().total());
      values.put(outcome.sample().id(), measures);
    }
    return values;
  }

  /**
   * The differences by name, such as {@code eval_accuracy-minus-baseline}.
   *
   * @throws MedVolException (INVALID_INPUT) if the evaluations have no sample in common
   */
  public Map<String, Object> metrics() {
    List<String> common = policy.keySet().stream().filter(baseline::containsKey).sorted().toList();
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
      List<double[]> pairs = new ArrayList<>();
      for (String id : common) {
        double here = policy.get(id).getOrDefault(measure, Double.NaN);
        double there = baseline.get(id).getOrDefault(measure, Double.NaN);
        if (Double.isFinite(here) && Double.isFinite(there)) {
          pairs.add(new double[] {here, there});
        }
      }
      if (!pairs.isEmpty()) {
        metrics.put("eval_" + measure + "-minus-baseline", fields(compare(pairs)));
      }
    }
    return metrics;
  }

  private static PairedComparison compare(List<double[]> pairs) {
    return PairedComparison.of(
        pairs.stream().mapToDouble(pair -> pair[0]).toArray(),
        pairs.stream().mapToDouble(pair -> pair[1]).toArray(),
        SEED);
  }

  private static Map<String, Object> fields(PairedComparison comparison) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("mean", comparison.difference().mean());
    fields.put("ci95-low", comparison.difference().low());
    fields.put("ci95-high", comparison.difference().high());
    fields.put("p-value", comparison.pValue());
    fields.put("samples", comparison.cases());
    return fields;
  }
}
