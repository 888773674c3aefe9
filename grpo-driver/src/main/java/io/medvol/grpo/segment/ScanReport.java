package io.medvol.grpo.segment;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.medvol.grpo.segment.ScanMeasurement.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What a measurement on scans found: each structure's figures, and their means by target. */
public record ScanReport(String propagator, List<Row> rows) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ALL = "all";

  public ScanReport {
    rows = List.copyOf(rows);
  }

  /** Mean 3-D Dice over all structures. */
  public double dice() {
    return mean(rows, Row::dice);
  }

  private Map<String, List<Row>> groups() {
    Map<String, List<Row>> groups = new LinkedHashMap<>();
    rows.forEach(row -> groups.computeIfAbsent(row.target(), key -> new ArrayList<>()).add(row));
    groups.put(ALL, rows);
    return groups;
  }

  private static double mean(List<Row> rows, ToDoubleFunction<Row> value) {
    return rows.stream().mapToDouble(value).average().orElse(Double.NaN);
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values) + '\n';
  }

  /** The table for reading. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        line(
            "%-24s %4s  %8s  %8s  %11s %14s",
            "structure", "n", "key Dice", "3-D Dice", "ellipse key", "ellipse extent"));
    groups()
        .forEach(
            (target, own) ->
                text.append(
                    line(
                        "%-24s %4d  %8.3f  %8.3f  %11.3f %14.3f",
                        target,
                        own.size(),
                        mean(own, Row::keyDice),
                        mean(own, Row::dice),
                        mean(own, Row::ellipseKeyDice),
                        mean(own, Row::extentDice))));
    return text.toString();
  }

  /** Each structure of each scan. */
  public ObjectNode json() {
    ObjectNode root = JSON.createObjectNode();
    root.put("propagator", propagator);
    if (!rows.isEmpty()) {
      root.put("dice", rounded(dice()));
    }
    ArrayNode structures = root.putArray("structures");
    for (Row row : rows) {
      ObjectNode entry = structures.addObject();
      entry.put("volume", row.volume());
      entry.put("structure", row.target());
      entry.put("boxes", row.boxes());
      entry.put("voxels", row.voxels());
      entry.put("key-dice", rounded(row.keyDice()));
      entry.put("dice", rounded(row.dice()));
      entry.put("ellipse-key-dice", rounded(row.ellipseKeyDice()));
      entry.put("ellipse-extent-dice", rounded(row.extentDice()));
    }
    return root;
  }

  private static double rounded(double value) {
    return Math.round(value * 1e4) / 1e4;
  }
}
