package io.medvol.data.shard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.Sha256;
import io.medvol.data.storage.Storage;
import java.io.IOException;
import java.io.Serializable;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The list of what belongs to a prepared data set. It is committed last; a file it does not list
 * does not exist for a reader, so retried and speculative writers need no coordination.
 *
 * @param dataset name of the data set
 * @param labelNames name of each label value
 * @param samples the file of the tasks
 * @param shards sorted by volume id
 */
public record ShardManifest(
    String dataset, Map<Integer, String> labelNames, SampleFile samples, List<ShardEntry> shards)
    implements Serializable {
  /** Name of the file in its folder. */
  public static final String FILE = "manifest.json";

  /** What a folder has that was not prepared yet, in the layouts that are read. */
  private static final List<String> DESCRIPTIONS =
      List.of("dataset.yaml", "images", "QA_information");

  private static final String FORMAT = "medvol-shards";
  private static final int VERSION = 1;
  private static final int MAX_BYTES = 64 << 20;

  public ShardManifest {
    Objects.requireNonNull(dataset, "dataset");
    Objects.requireNonNull(samples, "samples");
    labelNames = Map.copyOf(labelNames);
    shards = shards.stream().sorted(Comparator.comparing(ShardEntry::volumeId)).toList();
    Set<String> ids = new HashSet<>();
    for (ShardEntry shard : shards) {
      if (!ids.add(shard.volumeId())) {
        throw new IllegalArgumentException("Volume " + shard.volumeId() + " is listed twice");
      }
    }
  }

  /** SHA-256 of the manifest without its digest: names the data a run was trained on. */
  public String digest() {
    return Sha256.of(bytes(tree()));
  }

  /** Commits the manifest; every file it lists must be complete by then. */
  public void commit(Storage storage, String folder) throws IOException {
    ObjectNode tree = tree();
    tree.put("digest", digest());
    storage.commit(Storage.join(folder, FILE), ShardJson.pretty(tree));
  }

  private static String absent(Storage storage, String folder) throws IOException {
    if (DESCRIPTIONS.stream().anyMatch(Set.copyOf(storage.list(folder))::contains)) {
      return "Folder "
          + folder
          + " is a folder of scans; prepare it first: medvol prepare --input "
          + folder
          + " --output DIR, and give DIR as the shards.";
    }
    return "Folder "
        + folder
        + " holds no prepared data set ("
        + FILE
        + " is missing); name one that was the --output of medvol prepare.";
  }

  /**
   * Removes the files of data sets that were in the folder before, and of preparations that did not
   * end; for the moment after {@link #commit}.
   */
  public void removeOthers(Storage storage, String folder) throws IOException {
    Set<String> listed = new HashSet<>();
    listed.add(samples.path());
    shards.forEach(shard -> listed.add(shard.path()));
    for (String name : storage.list(folder)) {
      if (name.startsWith(SampleStore.STEM) && name.endsWith(SampleStore.ENDING)) {
        removeUnlessListed(storage, folder, name, listed);
      }
    }
    for (String name : storage.list(Storage.join(folder, SliceShardWriter.FOLDER))) {
      if (name.endsWith(SliceShardWriter.ENDING)) {
        removeUnlessListed(storage, folder, SliceShardWriter.FOLDER + "/" + name, listed);
      }
    }
  }

  private static void removeUnlessListed(
      Storage storage, String folder, String path, Set<String> listed) throws IOException {
    if (!listed.contains(path)) {
      storage.delete(Storage.join(folder, path));
    }
  }

  /**
   * @throws MedVolException (INVALID_INPUT) if the folder has no manifest or one of a later
   *     version, (MALFORMED_DATA) if it is damaged
   */
  public static ShardManifest read(Storage storage, String folder) throws IOException {
    String path = Storage.join(folder, FILE);
    if (!storage.exists(path)) {
      throw new MedVolException(ErrorCode.INVALID_INPUT, absent(storage, folder));
    }
    try {
      JsonNode tree = ShardJson.MAPPER.readTree(storage.readAll(path, MAX_BYTES));
      requireVersion(path, tree);
      ObjectNode content = ((ObjectNode) tree).deepCopy();
      String digest = content.path("digest").asText();
      content.remove(List.of("digest", "format", "schema-version"));
      ShardManifest manifest = ShardJson.MAPPER.treeToValue(content, ShardManifest.class);
      if (!manifest.digest().equals(digest)) {
        throw malformed(path, "its digest does not fit its content", null);
      }
      return manifest;
    } catch (JsonProcessingException e) {
      throw malformed(path, ShardJson.reason(e), e);
    }
  }

  public Optional<ShardEntry> shard(String volumeId) {
    return shards.stream().filter(shard -> shard.volumeId().equals(volumeId)).findFirst();
  }

  private ObjectNode tree() {
    ObjectNode tree = ShardJson.MAPPER.createObjectNode();
    tree.put("format", FORMAT);
    tree.put("schema-version", VERSION);
    tree.put("dataset", dataset);
    tree.set("label-names", ShardJson.MAPPER.valueToTree(new TreeMap<>(labelNames)));
    tree.set("samples", ShardJson.MAPPER.valueToTree(samples));
    tree.set("shards", ShardJson.MAPPER.valueToTree(shards));
    return tree;
  }

  private static byte[] bytes(JsonNode tree) {
    try {
      return ShardJson.MAPPER.writeValueAsBytes(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A manifest is plain JSON", e);
    }
  }

  private static void requireVersion(String path, JsonNode tree) {
    if (!tree.isObject() || !FORMAT.equals(tree.path("format").asText())) {
      throw malformed(path, "its format is not " + FORMAT, null);
    }
    JsonNode version = tree.path("schema-version");
    if (!version.isInt() || version.intValue() < 1) {
      throw malformed(path, "its schema-version is " + version, null);
    }
    if (version.intValue() > VERSION) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "Manifest "
              + path
              + " has schema version "
              + version
              + "; this build reads up to "
              + VERSION
              + ". Prepare the data again, or use a later build.");
    }
  }

  private static MedVolException malformed(String path, String reason, Throwable cause) {
    return new MedVolException(
        ErrorCode.MALFORMED_DATA,
        "Manifest " + path + " cannot be used: " + reason + ". Prepare the data again.",
        cause);
  }
}
