package io.medvol.grpo.segment;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.medvol.data.phantom.PhantomConfig;
import io.medvol.grpo.segment.SegmenterMeasurement.Row;
import io.medvol.reward.metric.Bootstrap;
import io.medvol.reward.metric.ConfidenceInterval;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** What a measurement found: each object's figures, and tables of their means. */
public record MeasurementReport(
    String propagator, SegmenterMeasurementConfig config, List<Row> rows) {
  private static final ObjectMapper JSON = new ObjectMapper();

  public MeasurementReport {
    rows = List.copyOf(rows);
  }

  /** A line of the table: objects of one kind. */
  private record Group(String title, List<Row> rows) {
    double mean(ToDoubleFunction<Row> value) {
      return rows.stream().mapToDouble(value).average().orElse(Double.NaN);
    }

    /** Over volumes: the objects of one are not independent. */
    ConfidenceInterval interval(long seed) {
      return Bootstrap.withSeed(seed)
          .mean(
              rows.stream()
                  .collect(
                      Collectors.groupingBy(
                          row -> row.grid() + " " + row.volume(),
                          TreeMap::new,
                          Collectors.collectingAndThen(
                              Collectors.toList(),
                              own -> own.stream().mapToDouble(Row::dice).toArray())))
                  .values());
    }

    double least() {
      return rows.stream().mapToDouble(Row::dice).min().orElse(Double.NaN);
    }
  }

  /** Mean 3-D Dice over the organs, with exact boxes. */
  public double organDice() {
    return group("organs", row -> !row.lesion(), config.boxErrors().get(0)).mean(Row::dice);
  }

  /** Mean 3-D Dice over the lesions, with exact boxes. */
  public double lesionDice() {
    return group("lesions", Row::lesion, config.boxErrors().get(0)).mean(Row::dice);
  }

  private Group group(String title, Predicate<Row> wanted, double error) {
    return new Group(
        title, rows.stream().filter(row -> row.boxError() == error).filter(wanted).toList());
  }

  private List<Group> groups() {
    double exact = config.boxErrors().get(0);
    Set<String> titles = new LinkedHashSet<>();
    rows.stream().filter(row -> !row.lesion()).forEach(row -> titles.add(row.structure()));
    List<Group> groups = new ArrayList<>();
    for (String title : titles) {
      groups.add(group(title, row -> row.structure().equals(title), exact));
    }
    groups.add(group("all organs", row -> !row.lesion(), exact));
    for (String grid : List.of("coarse", "fine")) {
      groups.add(group("organs, " + grid, row -> !row.lesion() && row.grid().equals(grid), exact));
    }
    groups.add(group("lesions", Row::lesion, exact));
    groups.removeIf(group -> group.rows().isEmpty());
    return groups;
  }

  /** Both tables for reading. */
  public String text() {
    StringBuilder text = new StringBuilder();
    line(
        text,
        "%-16s %4s  %8s  %8s  %-15s %6s  %11s %14s %14s",
        "structure",
        "n",
        "key Dice",
        "3-D Dice",
        "95 % interval",
        "least",
        "ellipse key",
        "ellipse extent",
        "ellipse all");
    for (Group group : groups()) {
      ConfidenceInterval interval = group.interval(config.seed());
      line(
          text,
          "%-16s %4d  %8.3f  %8.3f  %.3f to %.3f  %6.3f  %11.3f %14.3f %14.3f",
          group.title(),
          group.rows().size(),
          group.mean(Row::keyDice),
          interval.mean(),
          interval.low(),
          interval.high(),
          group.least(),
          group.mean(Row::ellipseKeyDice),
          group.mean(Row::extentDice),
          group.mean(Row::everywhereDice));
    }
    text.append('\n');
    line(
        text,
        "%-10s %10s %10s %12s %12s",
        "box error",
        "organs key",
        "organs 3-D",
        "lesions key",
        "lesions 3-D");
    for (double error : config.boxErrors()) {
      Group organs = group("organs", row -> !row.lesion(), error);
      Group lesions = group("lesions", Row::lesion, error);
      line(
          text,
          "%8.0f %% %10.3f %10.3f %12.3f %12.3f",
          100 * error,
          organs.mean(Row::keyDice),
          organs.mean(Row::dice),
          lesions.mean(Row::keyDice),
          lesions.mean(Row::dice));
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  /** The tables as JSON. */
  public ObjectNode json() {
    ObjectNode root = JSON.createObjectNode();
    root.put("propagator", propagator);
    put(root, "organ-dice", organDice());
    put(root, "lesion-dice", lesionDice());
    ArrayNode phantoms = root.putArray("phantoms");
    for (PhantomConfig drawn : List.of(config.coarse(), config.fine())) {
      ObjectNode entry = phantoms.addObject();
      entry.put("volumes", drawn.volumes());
      entry.put("seed", drawn.seed());
      entry.put("slices", drawn.slices());
      entry.put("rows", drawn.rows());
      entry.put("columns", drawn.columns());
      entry.put("noise", drawn.noise());
    }
    ArrayNode structures = root.putArray("structures");
    for (Group group : groups()) {
      ConfidenceInterval interval = group.interval(config.seed());
      ObjectNode entry = structures.addObject();
      entry.put("structure", group.title());
      entry.put("n", group.rows().size());
      put(entry, "key-dice", group.mean(Row::keyDice));
      put(entry, "dice", interval.mean());
      put(entry, "dice-low", interval.low());
      put(entry, "dice-high", interval.high());
      put(entry, "dice-least", group.least());
      put(entry, "ellipse-key-dice", group.mean(Row::ellipseKeyDice));
      put(entry, "ellipse-extent-dice", group.mean(Row::extentDice));
      put(entry, "ellipse-all-slices-dice", group.mean(Row::everywhereDice));
    }
    ArrayNode errors = root.putArray("box-errors");
    for (double error : config.boxErrors()) {
      ObjectNode entry = errors.addObject();
      entry.put("box-error", error);
      Group organs = group("organs", row -> !row.lesion(), error);
      Group lesions = group("lesions", Row::lesion, error);
      put(entry, "organ-key-dice", organs.mean(Row::keyDice));
      put(entry, "organ-dice", organs.mean(Row::dice));
      put(entry, "lesion-key-dice", lesions.mean(Row::keyDice));
      put(entry, "lesion-dice", lesions.mean(Row::dice));
    }
    return root;
  }

  /** To four places; left out where there is nothing to average. */
  private static void put(ObjectNode node, String name, double value) {
    if (Double.isFinite(value)) {
      node.put(name, Math.round(value * 1e4) / 1e4);
    }
  }

  /** Each object as a line. */
  public String csv() {
    StringBuilder text =
        new StringBuilder(
            "grid,volume,structure,box_error,key_dice,dice,ellipse_key_dice,ellipse_extent_dice,"
                + "ellipse_all_slices_dice\n");
    for (Row row : rows) {
      line(
          text,
          "%s,%d,%s,%s,%.4f,%.4f,%.4f,%.4f,%.4f",
          row.grid(),
          row.volume(),
          row.structure(),
          row.boxError(),
          row.keyDice(),
          row.dice(),
          row.ellipseKeyDice(),
          row.extentDice(),
          row.everywhereDice());
    }
    return text.toString();
  }
}
