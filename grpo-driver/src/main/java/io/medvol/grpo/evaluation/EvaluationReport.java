package io.medvol.grpo.evaluation;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.error.Sentence;
import io.medvol.data.example.ChoiceSample;
import io.medvol.grpo.advantage.SampleStatistics;
import io.medvol.reward.localisation.AnswerStatus;
import io.medvol.reward.metric.Calibration;
import io.medvol.reward.metric.ConfidenceInterval;
import io.medvol.rollout.worker.EvaluationOutcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.DoubleStream;

/**
 * The answers to held-out samples and what they come to. An unparsable answer counts as 0 in every
 * mean; a sample that failed counts in none and is counted apart. Means are over questions, their
 * intervals over scans or pictures.
 */
public record EvaluationReport(List<EvaluationOutcome> outcomes) {
  private static final int BINS = 10;

  public EvaluationReport {
    outcomes = List.copyOf(outcomes);
  }

  /** Mean and deviation of the Dice of whole volumes. */
  public SampleStatistics dice() {
    return SampleStatistics.of(outcomes.stream().mapToDouble(EvaluationOutcome::dice).toArray());
  }

  /** Share of answers that could not be read. */
  public double unparsableShare() {
    long answered = outcomes.stream().filter(outcome -> outcome.answer() != null).count();
    long unparsable =
        outcomes.stream().filter(outcome -> outcome.answer() == AnswerStatus.UNPARSABLE).count();
    return unparsable / (double) Math.max(1, answered);
  }

  /** Samples that could not be answered, or whose mask could not be made. */
  public long failures() {
    return outcomes.stream().filter(EvaluationOutcome::failed).count();
  }

  /** How many failed and why the first did; empty if none failed. */
  public Optional<String> failureNote() {
    return outcomes.stream()
        .filter(EvaluationOutcome::failed)
        .findFirst()
        .map(
            first ->
                failures()
                    + " of "
                    + outcomes.size()
                    + " samples failed; the first: sample "
                    + first.sample().id()
                    + ": "
                    + first.failure());
  }

  /**
   * @throws MedVolException (MALFORMED_DATA) if every sample failed, so that nothing was measured
   */
  public void requireMeasured() {
    if (failures() == outcomes.size()) {
      throw new MedVolException(
          ErrorCode.MALFORMED_DATA,
          "Nothing was measured: "
              + Sentence.ended(failureNote().orElse("there are no samples"))
              + " Check the model and the data set.");
    }
  }

  /** The numbers under TRL's names with the prefix {@code eval_}; those that are none left out. */
  public Map<String, Object> metrics() {
    Map<String, Object> metrics = new LinkedHashMap<>();
    put(metrics, "eval_dice", dice().mean());
    put(metrics, "eval_dice_std", dice().std());
    List<EvaluationOutcome> scored =
        outcomes.stream().filter(outcome -> outcome.reward() != null).toList();
    put(metrics, "eval_reward", mean(scored.stream().mapToDouble(o -> o.reward().total())));
    TreeSet<String> terms = new TreeSet<>();
    scored.forEach(outcome -> terms.addAll(outcome.reward().terms().keySet()));
    for (String term : terms) {
      put(
          metrics,
          "eval_rewards/" + term + "/mean",
          mean(scored.stream().mapToDouble(o -> o.reward().terms().get(term).value())));
    }
    metrics.putAll(ChoiceAccuracy.of(outcomes).metrics());
    metrics.put("eval_samples", outcomes.size());
    metrics.put("eval_failures", failures());
    put(metrics, "eval_failure_rate", failures() / (double) Math.max(1, outcomes.size()));
    putIntervals(metrics);
    putKits(metrics);
    putCalibration(metrics);
    put(metrics, "eval_unparsable_share", unparsableShare());
    put(
        metrics,
        "eval_completions/mean_length",
        mean(scored.stream().mapToDouble(EvaluationOutcome::generatedTokens)));
    put(
        metrics,
        "eval_seconds_per_sample",
        mean(scored.stream().mapToDouble(EvaluationOutcome::seconds)));
    return metrics;
  }

  /** The mean of every measure with its 95 per cent bootstrap interval. */
  private void putIntervals(Map<String, Object> metrics) {
    TreeSet<String> names = new TreeSet<>();
    outcomes.forEach(outcome -> names.addAll(outcome.measures().keySet()));
    for (String name : names) {
      putInterval(
          metrics,
          "eval_" + name,
          ScanInterval.of(outcomes, o -> o.measures().getOrDefault(name, Double.NaN)));
    }
    putInterval(metrics, "eval_dice", ScanInterval.of(outcomes, EvaluationOutcome::dice));
  }

  private void putKits(Map<String, Object> metrics) {
    KitsScores kits = KitsScores.of(outcomes);
    if (!kits.volumes().isEmpty()) {
      metrics.put("eval_kits/volumes", kits.volumes().size());
      kits.values()
          .forEach(
              (name, values) ->
                  putInterval(
                      metrics,
                      "eval_kits/" + name,
                      ScanInterval.of(
                          DoubleStream.of(values)
                              .filter(Double::isFinite)
                              .mapToObj(value -> new double[] {value})
                              .toList())));
    }
  }

  static void putInterval(Map<String, Object> metrics, String name, ConfidenceInterval interval) {
    put(metrics, name, interval.mean());
    put(metrics, name + "_low", interval.low());
    put(metrics, name + "_high", interval.high());
  }

  /** How well the agreement of further answers foretells the Dice, or the accuracy of choices. */
  private void putCalibration(Map<String, Object> metrics) {
    List<EvaluationOutcome> sure =
        outcomes.stream()
            .filter(outcome -> outcome.measures().containsKey(EvaluationOutcome.CONFIDENCE))
            .filter(outcome -> Double.isFinite(quality(outcome)))
            .toList();
    if (!sure.isEmpty()) {
      double[] confidences =
          sure.stream().mapToDouble(o -> o.measures().get(EvaluationOutcome.CONFIDENCE)).toArray();
      double[] quality = sure.stream().mapToDouble(EvaluationReport::quality).toArray();
      put(metrics, "eval_ece", Calibration.expectedError(confidences, quality, BINS));
      put(metrics, "eval_aurc", Calibration.areaUnderRiskCoverage(confidences, quality));
    }
  }

  private static double quality(EvaluationOutcome outcome) {
    return outcome.sample() instanceof ChoiceSample ? ChoiceAccuracy.of(outcome) : outcome.dice();
  }

  private static double mean(DoubleStream values) {
    return SampleStatistics.of(values.toArray()).mean();
  }

  private static void put(Map<String, Object> metrics, String name, double value) {
    if (Double.isFinite(value)) {
      metrics.put(name, value);
    }
  }
}
