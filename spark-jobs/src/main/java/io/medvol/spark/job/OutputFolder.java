package io.medvol.spark.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.medvol.data.config.EffectiveConfig;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.Storage;
import io.medvol.grpo.run.RunSummary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * The folder a command writes to: its effective configuration at the start, its summary at the end.
 */
public final class OutputFolder {
  public static final String CONFIG = "config.yaml";

  private static final String PROBE = ".writable";
  private static final String OWNER = "# medvol ";
  private static final int OWNER_BYTES = 200;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_CONFIG_BYTES = 1 << 20;

  private final Storage storage;
  private final String path;
  private final String command;
  private final EffectiveConfig<?> config;
  private final long startNanos = System.nanoTime();

  private OutputFolder(Storage storage, String path, String command, EffectiveConfig<?> config) {
    this.storage = storage;
    this.path = path;
    this.command = command;
    this.config = config;
  }

  /**
   * Makes the folder and tries to write into it, so that an unwritable place is found before any
   * work is done. The configuration of an earlier run stays until this one has finished: it may be
   * refused.
   *
   * @throws MedVolException (RESOURCE) if it cannot be written, (INVALID_INPUT) if it is the folder
   *     of another command
   */
  public static OutputFolder open(
      Storage storage, String path, String command, EffectiveConfig<?> config) {
    OutputFolder folder = new OutputFolder(storage, path, command, config);
    folder.begin();
    return folder;
  }

  private void begin() {
    try {
      requireOurs();
      write(PROBE, "");
      storage.delete(resolve(PROBE));
      if (!storage.exists(resolve(CONFIG))) {
        writeConfig();
      }
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /**
   * The same folder for a run that is made with these settings in place of those given. The
   * configuration of an earlier run stays here too.
   */
  public OutputFolder settled(EffectiveConfig<?> settings) {
    OutputFolder settled = new OutputFolder(storage, path, command, settings);
    byte[] given = configText().getBytes(StandardCharsets.UTF_8);
    try {
      if (Arrays.equals(storage.readAll(resolve(CONFIG), MOST_CONFIG_BYTES), given)) {
        settled.writeConfig();
      }
    } catch (IOException e) {
      throw unwritable(e);
    }
    return settled;
  }

  private void requireOurs() throws IOException {
    String owner = owner();
    if (!owner.isEmpty() && !owner.equals(command)) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "Folder "
              + path
              + " is of 'medvol "
              + owner
              + "'; 'medvol "
              + command
              + "' would replace its settings and summary. Name another folder.");
    }
  }

  /** The command that began the folder; empty for a new one. */
  private String owner() throws IOException {
    if (storage.exists(resolve(CONFIG))) {
      try (InputStream in = storage.open(resolve(CONFIG))) {
        String first =
            new String(in.readNBytes(OWNER_BYTES), StandardCharsets.UTF_8)
                .lines()
                .findFirst()
                .orElse("");
        if (first.startsWith(OWNER)) {
          return first.substring(OWNER.length()).strip();
        }
      }
    }
    if (!storage.exists(resolve(RunSummary.FILE))) {
      return "";
    }
    // Of an earlier version, whose configuration names no command.
    try (InputStream in = storage.open(resolve(RunSummary.FILE))) {
      return JSON.readTree(in).path("command").asText("");
    } catch (JsonProcessingException e) {
      return "";
    }
  }

  private void writeConfig() {
    write(CONFIG, configText());
  }

  private String configText() {
    return OWNER + command + "\n" + config.yaml();
  }

  public String path() {
    return path;
  }

  public String resolve(String name) {
    return path.endsWith("/") ? path + name : path + "/" + name;
  }

  public Storage storage() {
    return storage;
  }

  public EffectiveConfig<?> config() {
    return config;
  }

  /** Whole or not at all. */
  public void write(String name, String text) {
    write(name, text.getBytes(StandardCharsets.UTF_8));
  }

  public void write(String name, byte[] content) {
    try {
      storage.commit(resolve(name), content);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /** Writes the configuration and the summary; the last thing a command does. */
  public void finish(Map<String, Object> metrics) {
    writeConfig();
    double seconds = Math.round((System.nanoTime() - startNanos) / 1e7) / 100.0;
    new RunSummary(command, seconds, config.digest(), metrics).write(storage, path);
  }

  private MedVolException unwritable(IOException failure) {
    return new MedVolException(
        ErrorCode.RESOURCE,
        "Folder "
            + path
            + " cannot be written ("
            + failure.getMessage()
            + "); choose one that can, or free space there.",
        failure);
  }
}
