package io.medvol.grpo.checkpoint;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a complete checkpoint consists of; written last.
 *
 * @param format version of the layout
 * @param files name to length and SHA-256 of every other file
 */
@JsonPropertyOrder({"format", "files"})
record CheckpointManifest(int format, SortedMap<String, Content> files) {
  static final String FILE = "manifest.json";
  static final int FORMAT = 1;

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  CheckpointManifest {
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }

  @JsonPropertyOrder({"bytes", "sha256"})
  record Content(long bytes, String sha256) {}

  static CheckpointManifest of(Map<String, Content> files) {
    return new CheckpointManifest(FORMAT, new TreeMap<>(files));
  }

  byte[] json() throws IOException {
    return JSON.writeValueAsBytes(this);
  }

  static CheckpointManifest parse(byte[] json) throws IOException {
    CheckpointManifest manifest = JSON.readValue(json, CheckpointManifest.class);
    if (manifest.format() != FORMAT) {
      throw new IOException("format " + manifest.format() + ", this build reads " + FORMAT);
    }
    return manifest;
  }
}
