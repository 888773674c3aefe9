package io.medvol.data.shard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.example.ChoiceSample;
import io.medvol.data.example.Sample;
import io.medvol.data.example.VrsSample;
import io.medvol.data.storage.Sha256;
import io.medvol.data.storage.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads and writes the samples of a prepared data set: JSON, one sample a line. */
public final class SampleStore {
  static final String STEM = "samples";
  static final String ENDING = ".jsonl";

  private static final int MAX_BYTES = 512 << 20;

  private SampleStore() {}

  /**
   * Writes the samples in the order given, and returns the line of the manifest. Part of the file's
   * name is the hash of its content.
   */
  public static SampleFile write(Storage storage, String folder, List<? extends Sample> samples)
      throws IOException {
    Spool out = new Spool();
    for (Sample sample : samples) {
      out.write(ShardJson.MAPPER.writeValueAsBytes(sample));
      out.write('\n');
    }
    Spool.Written written = out.writeTo(storage, folder, STEM, ENDING);
    return new SampleFile(written.path(), written.length(), written.sha256(), samples.size());
  }

  /**
   * @throws MedVolException (DAMAGED_DATA) if the file is absent or another than the manifest
   *     lists, (MALFORMED_DATA) if it holds no samples
   */
  public static List<Sample> read(Storage storage, String folder, SampleFile file)
      throws IOException {
    String path = Storage.join(folder, file.path());
    byte[] content = content(storage, path, file);
    List<Sample> samples = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (String line : new String(content, StandardCharsets.UTF_8).lines().toList()) {
      try {
        samples.add(sample(line));
      } catch (JsonProcessingException e) {
        throw malformed(path, "line " + (samples.size() + 1) + ": " + ShardJson.reason(e), e);
      }
      String id = samples.get(samples.size() - 1).id();
      if (!ids.add(id)) {
        throw malformed(path, "the sample " + id + " occurs twice", null);
      }
    }
    if (samples.size() != file.rows()) {
      throw malformed(path, "it has " + samples.size() + " rows, not " + file.rows(), null);
    }
    return List.copyOf(samples);
  }

  private static byte[] content(Storage storage, String path, SampleFile file) throws IOException {
    if (!storage.exists(path)) {
      throw damaged(path, "it is missing");
    }
    byte[] content = storage.readAll(path, MAX_BYTES);
    String found = Sha256.of(content);
    if (!found.equals(file.sha256())) {
      throw damaged(path, "its SHA-256 is " + found + ", the manifest lists " + file.sha256());
    }
    return content;
  }

  private static MedVolException damaged(String path, String reason) {
    return new MedVolException(
        ErrorCode.DAMAGED_DATA,
        "Samples "
            + path
            + " are damaged: "
            + reason
            + ". Restore the file, or prepare the data again.");
  }

  /** Options make a question of multiple choice. */
  private static Sample sample(String line) throws JsonProcessingException {
    JsonNode tree = ShardJson.MAPPER.readTree(line);
    Class<? extends Sample> kind = tree.has("options") ? ChoiceSample.class : VrsSample.class;
    return ShardJson.MAPPER.treeToValue(tree, kind);
  }

  private static MedVolException malformed(String path, String reason, Throwable cause) {
    return new MedVolException(
        ErrorCode.MALFORMED_DATA,
        "Samples " + path + " cannot be used: " + reason + ". Prepare the data again.",
        cause);
  }
}
