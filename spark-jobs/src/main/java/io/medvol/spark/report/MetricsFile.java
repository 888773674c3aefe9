package io.medvol.spark.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.medvol.data.storage.Storage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The metrics of a run, read back for a report. */
public final class MetricsFile {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<JsonNode> lines;

  private MetricsFile(List<JsonNode> lines) {
    this.lines = lines;
  }

  /** Reads a {@code metrics.jsonl}. */
  public static MetricsFile read(Storage storage, String path) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(storage.open(path), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(JSON.readTree(line));
      }
    }
    return new MetricsFile(lines);
  }

  /** Pairs of step and value of one metric, where it is a number. */
  public List<double[]> curve(String name) {
    List<double[]> points = new ArrayList<>();
    for (JsonNode line : lines) {
      if (line.path(name).isNumber()) {
        points.add(new double[] {line.path("step").asDouble(), line.path(name).asDouble()});
      }
    }
    return points;
  }

  /**
   * Each value replaced by the mean of those around it, so that a trend shows through the noise.
   */
  static List<double[]> smoothed(List<double[]> points, int radius) {
    List<double[]> smooth = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      int from = Math.max(0, i - radius);
      int to = Math.min(points.size() - 1, i + radius);
      double mean =
          points.subList(from, to + 1).stream().mapToDouble(p -> p[1]).average().orElse(0);
      smooth.add(new double[] {points.get(i)[0], mean});
    }
    return smooth;
  }

  /** Names of the reward terms that were measured. */
  List<String> rewardTerms() {
    List<String> terms = new ArrayList<>();
    if (!lines.isEmpty()) {
      lines
          .get(0)
          .fieldNames()
          .forEachRemaining(
              name -> {
                if (name.startsWith("rewards/") && name.endsWith("/mean")) {
                  terms.add(name);
                }
              });
    }
    return terms;
  }
}
