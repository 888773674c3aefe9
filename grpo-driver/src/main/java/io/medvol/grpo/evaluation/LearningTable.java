package io.medvol.grpo.evaluation;

import io.medvol.data.example.VrsSample;
import io.medvol.reward.localisation.AnswerStatus;
import io.medvol.reward.metric.ConfidenceInterval;
import io.medvol.rollout.worker.EvaluationOutcome;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * What policies answered to the same held-out questions about volumes, beside each other. Means are
 * over questions. Questions about one scan are not independent, so that the 95 per cent bootstrap
 * intervals are over scans, also those of paired differences.
 *
 * @param rows in their order
 */
public record LearningTable(List<Row> rows) {
  private static final String BOX_IOU = "box_iou";
  private static final String KEY_SLICE_HIT = "key_slice_hit";

  public LearningTable {
    rows = List.copyOf(rows);
  }

  /**
   * One policy.
   *
   * @param key for machines
   * @param title for people
   */
  public record Row(String key, String title, List<EvaluationOutcome> outcomes) {
    public Row {
      outcomes = List.copyOf(outcomes);
    }
  }

  /** How the answered key slice of a structure varies from scan to scan. */
  public record Spread(double expected, double answered, double correlation) {}

  /** Mean Dice of a row. */
  public ConfidenceInterval dice(Row row) {
    return ScanInterval.of(row.outcomes(), EvaluationOutcome::dice);
  }

  /** Mean Dice of one row less that of another, over the questions both have a Dice for. */
  public ConfidenceInterval difference(String first, String second) {
    Map<String, Double> subtrahend = new HashMap<>();
    row(second).outcomes().forEach(o -> subtrahend.put(o.sample().id(), o.dice()));
    return ScanInterval.of(
        row(first).outcomes(),
        o -> o.dice() - subtrahend.getOrDefault(o.sample().id(), Double.NaN));
  }

  /** The Dice of each row, and of the differences that are asked for as {@code a-minus-b}. */
  public Map<String, Object> dice(List<List<String>> differences) {
    Map<String, Object> dice = new LinkedHashMap<>();
    rows.forEach(row -> dice.put(row.key(), numbers(dice(row))));
    for (List<String> pair : differences) {
      dice.put(
          pair.get(0) + "-minus-" + pair.get(1), numbers(difference(pair.get(0), pair.get(1))));
    }
    return dice;
  }

  /** The other columns of a row by name. */
  public Map<String, Double> measures(Row row) {
    Map<String, Double> measures = new LinkedHashMap<>();
    measures.put("key-slice-hit", mean(row, measure(KEY_SLICE_HIT)));
    measures.put("box-iou", mean(row, measure(BOX_IOU)));
    measures.put("failure-rate", mean(row, LearningTable::failed));
    measures.put("reward", mean(row, o -> o.reward() == null ? Double.NaN : o.reward().total()));
    return measures;
  }

  /** Spread of the answered key slice by structure, and how far it follows the scan. */
  public Map<String, Spread> spread(String key) {
    Map<String, List<EvaluationOutcome>> byTarget =
        row(key).outcomes().stream()
            .filter(o -> o.anchor().isPresent())
            .filter(o -> o.sample() instanceof VrsSample s && s.key().isPresent())
            .collect(
                Collectors.groupingBy(
                    o -> ((VrsSample) o.sample()).target(), TreeMap::new, Collectors.toList()));
    Map<String, Spread> spreads = new LinkedHashMap<>();
    byTarget.forEach(
        (target, outcomes) -> {
          double[] expected =
              outcomes.stream()
                  .mapToDouble(o -> ((VrsSample) o.sample()).key().getAsInt())
                  .toArray();
          double[] answered =
              outcomes.stream().mapToDouble(o -> o.anchor().orElseThrow().slice()).toArray();
          spreads.put(target, spread(expected, answered));
        });
    return spreads;
  }

  /** The table as it is printed. */
  public String text() {
    StringBuilder text = new StringBuilder();
    line(
        text,
        "%-40s %-22s %9s %8s %9s %8s",
        "held-out phantoms",
        "Dice [95 % CI]",
        "key slice",
        "box IoU",
        "failures",
        "reward");
    for (Row row : rows) {
      Map<String, Double> measures = measures(row);
      line(
          text,
          "%-40s %-22s %9.3f %8.3f %9.3f %8.3f",
          row.title(),
          text(dice(row)),
          measures.get("key-slice-hit"),
          measures.get("box-iou"),
          measures.get("failure-rate"),
          measures.get("reward"));
    }
    return text.toString();
  }

  /** Such as {@code 0.512 [0.480, 0.541]}. */
  public static String text(ConfidenceInterval interval) {
    if (Double.isNaN(interval.low())) {
      return String.format(Locale.ROOT, "%.3f [one scan]", interval.mean());
    }
    return String.format(
        Locale.ROOT, "%.3f [%.3f, %.3f]", interval.mean(), interval.low(), interval.high());
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
  }

  private Row row(String key) {
    return rows.stream()
        .filter(row -> row.key().equals(key))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("No row " + key));
  }

  private static ToDoubleFunction<EvaluationOutcome> measure(String name) {
    return outcome -> outcome.measures().getOrDefault(name, Double.NaN);
  }

  /** An answer that cannot be read, or a mask that could not be made. */
  private static double failed(EvaluationOutcome outcome) {
    return outcome.failed() || outcome.answer() == AnswerStatus.UNPARSABLE ? 1 : 0;
  }

  /** Over the questions that have a value. */
  private static double mean(Row row, ToDoubleFunction<EvaluationOutcome> value) {
    return row.outcomes().stream()
        .mapToDouble(value)
        .filter(Double::isFinite)
        .average()
        .orElse(Double.NaN);
  }

  private static Map<String, Double> numbers(ConfidenceInterval interval) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    numbers.put("mean", interval.mean());
    if (!Double.isNaN(interval.low())) {
      numbers.put("ci95-low", interval.low());
      numbers.put("ci95-high", interval.high());
    }
    return numbers;
  }

  private static Spread spread(double[] expected, double[] answered) {
    double sx = 0;
    double sy = 0;
    for (int i = 0; i < expected.length; i++) {
      sx += expected[i] / expected.length;
      sy += answered[i] / expected.length;
    }
    double xx = 0;
    double yy = 0;
    double xy = 0;
    for (int i = 0; i < expected.length; i++) {
      xx += (expected[i] - sx) * (expected[i] - sx);
      yy += (answered[i] - sy) * (answered[i] - sy);
      xy += (expected[i] - sx) * (answered[i] - sy);
    }
    double n = Math.max(1, expected.length - 1);
    // Constant answers follow nothing.
    double correlation = xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0;
    return new Spread(Math.sqrt(xx / n), Math.sqrt(yy / n), correlation);
  }
}
