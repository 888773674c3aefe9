package io.medvol.grpo.evaluation;

import io.medvol.data.example.ChoiceSample;
import io.medvol.reward.choice.ChoiceRewards;
import io.medvol.reward.metric.ConfidenceInterval;
import io.medvol.rollout.worker.EvaluationOutcome;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Shares of multiple-choice questions answered rightly. An answer that cannot be read is a wrong
 * one; a sample that failed counts in no mean.
 *
 * @param correct 1 or 0 for each answered question, by the question
 */
public record ChoiceAccuracy(Map<ChoiceSample, Double> correct) {
  public ChoiceAccuracy {
    correct = Map.copyOf(correct);
  }

  /** Of the outcomes that are about such questions. */
  public static ChoiceAccuracy of(List<EvaluationOutcome> outcomes) {
    Map<ChoiceSample, Double> correct = new LinkedHashMap<>();
    for (EvaluationOutcome outcome : outcomes) {
      if (outcome.sample() instanceof ChoiceSample choice && outcome.reward() != null) {
        correct.put(choice, of(outcome));
      }
    }
    return new ChoiceAccuracy(correct);
  }

  /** 1 for a right choice, 0 for a wrong or unreadable one; NaN if the sample failed. */
  public static double of(EvaluationOutcome outcome) {
    return outcome.reward() == null
        ? Double.NaN
        : outcome.reward().terms().get(ChoiceRewards.ACCURACY).value();
  }

  /** The mean over questions with its bootstrap interval over pictures; NaN without any. */
  public ConfidenceInterval overall() {
    ScanInterval.Grouped grouped = new ScanInterval.Grouped();
    correct.entrySet().stream()
        .sorted(Map.Entry.comparingByKey(Comparator.comparing(ChoiceSample::id)))
        .forEach(entry -> grouped.add(ScanInterval.unit(entry.getKey()), entry.getValue()));
    return ScanInterval.of(grouped.clusters());
  }

  /** The same for each group of questions, such as a modality, sorted by its name. */
  public Map<String, ChoiceAccuracy> by(Function<ChoiceSample, String> group) {
    Map<String, Map<ChoiceSample, Double>> groups =
        correct.entrySet().stream()
            .collect(
                Collectors.groupingBy(
                    entry -> group.apply(entry.getKey()),
                    TreeMap::new,
                    Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    Map<String, ChoiceAccuracy> accuracies = new LinkedHashMap<>();
    groups.forEach((name, part) -> accuracies.put(name, new ChoiceAccuracy(part)));
    return accuracies;
  }

  /** The numbers under their names; none if there was no such question. */
  public Map<String, Object> metrics() {
    Map<String, Object> metrics = new LinkedHashMap<>();
    if (!correct.isEmpty()) {
      EvaluationReport.putInterval(metrics, "eval_accuracy", overall());
      put(metrics, "modality", by(ChoiceSample::modality));
      put(metrics, "question_type", by(ChoiceSample::questionType));
    }
    return metrics;
  }

  private static void put(
      Map<String, Object> metrics, String what, Map<String, ChoiceAccuracy> groups) {
    groups.forEach(
        (name, part) -> metrics.put("eval_accuracy/" + what + "/" + name, part.overall().mean()));
  }
}
