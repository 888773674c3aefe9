package io.medvol.grpo.metrics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * {@code metrics.jsonl}: one JSON object a step, {@code step} first. The file is replaced as a
 * whole, so that a reader never sees half a line and object stores will do.
 */
public final class JsonLinesMetrics implements MetricsSink {
  private static final ObjectMapper JSON = new ObjectMapper();

  private record Line(int step, String text) {}

  private final Storage storage;
  private final String path;
  private final List<Line> lines;

  private JsonLinesMetrics(Storage storage, String path, List<Line> lines) {
    this.storage = storage;
    this.path = path;
    this.lines = lines;
  }

  /** Continues the file if there is one. */
  public static JsonLinesMetrics open(Storage storage, String path) {
    Objects.requireNonNull(path, "path");
    List<Line> lines = new ArrayList<>();
    try {
      if (storage.exists(path)) {
        try (InputStream in = storage.open(path)) {
          String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
          text.lines()
              .filter(line -> !line.isBlank())
              .forEach(line -> lines.add(parse(path, line)));
        }
      }
    } catch (IOException e) {
      throw new MedVolException(
          ErrorCode.RESOURCE, "Cannot read " + path + ": " + e.getMessage(), e);
    }
    return new JsonLinesMetrics(storage, path, lines);
  }

  private static Line parse(String path, String line) {
    try {
      JsonNode step = JSON.readTree(line).path("step");
      if (step.isInt()) {
        return new Line(step.asInt(), line);
      }
    } catch (JsonProcessingException e) {
      throw malformed(path, line, e);
    }
    throw malformed(path, line, null);
  }

  private static MedVolException malformed(String path, String line, Throwable cause) {
    return new MedVolException(
        ErrorCode.MALFORMED_DATA,
        path
            + " has a line that is not a step of this run: "
            + line.substring(0, Math.min(80, line.length()))
            + ". Move the file away, then run again.",
        cause);
  }

  @Override
  public void record(int step, Map<String, Object> metrics) {
    Map<String, Object> entries = new LinkedHashMap<>();
    entries.put("step", step);
    entries.putAll(metrics);
    try {
      lines.add(new Line(step, JSON.writeValueAsString(entries)));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Metrics hold numbers and texts: " + metrics, e);
    }
    commit();
  }

  @Override
  public void discardFrom(int step) {
    if (lines.removeIf(line -> line.step() >= step)) {
      commit();
    }
  }

  @Override
  public Set<Integer> missingBefore(int step) {
    Set<Integer> missing = IntStream.range(0, step).boxed().collect(Collectors.toSet());
    lines.forEach(line -> missing.remove(line.step()));
    return missing;
  }

  private void commit() {
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line.text()).append('\n'));
    try {
      storage.commit(path, text.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new MedVolException(
          ErrorCode.RESOURCE, "Cannot write " + path + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {}
}
