package io.medvol.grpo.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.Storage;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code summary.json}, the last file of a run directory: what ran, how long, with which settings,
 * and what came out.
 *
 * @param command such as {@code grpo}
 * @param seconds wall time of the process that ended the run
 * @param configDigest digest of the effective configuration
 * @param metrics final numbers, in the order they are to be read
 */
public record RunSummary(
    String command, double seconds, String configDigest, Map<String, Object> metrics) {
  public static final String FILE = "summary.json";

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  public RunSummary {
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
  }

  /** Writes or replaces the file in the run directory. */
  public void write(Storage storage, String runDirectory) {
    Map<String, Object> entries = new LinkedHashMap<>();
    entries.put("command", command);
    entries.put("seconds", seconds);
    entries.put("config-digest", configDigest);
    entries.put("metrics", metrics);
    try {
      storage.commit(runDirectory + "/" + FILE, JSON.writeValueAsBytes(entries));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("A summary holds numbers and texts: " + metrics, e);
    } catch (IOException e) {
      throw new MedVolException(
          ErrorCode.RESOURCE,
          "Cannot write " + runDirectory + "/" + FILE + ": " + e.getMessage(),
          e);
    }
  }
}
