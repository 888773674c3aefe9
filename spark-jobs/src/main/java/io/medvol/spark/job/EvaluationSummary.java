package io.medvol.spark.job;

import io.medvol.reward.RewardValue;
import io.medvol.reward.localisation.AnswerStatus;
import io.medvol.rollout.worker.EvaluationOutcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/**
 * The numbers of an evaluation. Means run over all samples that could be evaluated; an answer that
 * cannot be read counts as 0 in each.
 */
public final class EvaluationSummary {
  private EvaluationSummary() {}

  /** Metrics by name, in the order of a report. */
  public static Map<String, Object> of(List<EvaluationOutcome> outcomes) {
    Map<String, Object> metrics = new LinkedHashMap<>();
    List<EvaluationOutcome> measured =
        outcomes.stream().filter(outcome -> outcome.answer() != null).toList();
    metrics.put("samples", outcomes.size());
    metrics.put("failed", (int) outcomes.stream().filter(EvaluationOutcome::failed).count());
    if (measured.isEmpty()) {
      return metrics;
    }
    put(metrics, "dice", measured, EvaluationOutcome::dice);
    put(metrics, "reward", measured, outcome -> outcome.reward().total());
    TreeSet<String> terms = new TreeSet<>();
    measured.forEach(outcome -> terms.addAll(outcome.reward().terms().keySet()));
    for (String term : terms) {
      put(
          metrics,
          "rewards/" + term + "/mean",
          measured,
          outcome -> value(outcome.reward().terms().get(term)));
    }
    for (AnswerStatus status : AnswerStatus.values()) {
      put(
          metrics,
          status.name().toLowerCase(Locale.ROOT) + "_share",
          measured,
          outcome -> outcome.answer() == status ? 1 : 0);
    }
    put(metrics, "completions/mean_length", measured, EvaluationOutcome::generatedTokens);
    put(metrics, "seconds_per_sample", measured, EvaluationOutcome::seconds);
    return metrics;
  }

  private static double value(RewardValue term) {
    return term == null ? Double.NaN : term.value();
  }

  /** A value that is missing, such as that of a failed reward, is no part of the mean. */
  private static void put(
      Map<String, Object> metrics,
      String name,
      List<EvaluationOutcome> outcomes,
      ToDoubleFunction<EvaluationOutcome> value) {
    outcomes.stream()
        .mapToDouble(value)
        .filter(Double::isFinite)
        .average()
        .ifPresent(mean -> metrics.put(name, mean));
  }
}
