package io.medvol.data.shard;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.example.Sample;
import io.medvol.data.example.VrsSample;
import io.medvol.data.picture.Picture;
import io.medvol.data.storage.Storage;
import io.medvol.data.volume.GridSize;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A prepared data set, seen through its manifest. A shard is held against the manifest's SHA-256
 * before anything is read from it, once for each of its versions. As thread-safe as its storage.
 */
public final class ShardDataset {
  private final Storage storage;
  private final String folder;
  private final ShardManifest manifest;
  private final List<Sample> samples;
  private final Map<String, ShardEntry> shards;
  private final VerifiedShards verified = new VerifiedShards();

  private ShardDataset(
      Storage storage, String folder, ShardManifest manifest, List<Sample> samples) {
    this.storage = storage;
    this.folder = folder;
    this.manifest = manifest;
    this.samples = samples;
    this.shards =
        manifest.shards().stream()
            .collect(Collectors.toMap(ShardEntry::volumeId, Function.identity()));
  }

  /**
   * Reads the manifest and the samples; every sample must ask about a listed volume and show slices
   * that it has.
   */
  public static ShardDataset open(Storage storage, String folder) throws IOException {
    ShardManifest manifest = ShardManifest.read(storage, Objects.requireNonNull(folder, "folder"));
    List<Sample> samples = SampleStore.read(storage, folder, manifest.samples());
    ShardDataset dataset = new ShardDataset(storage, folder, manifest, samples);
    samples.forEach(dataset::requireListed);
    return dataset;
  }

  public ShardManifest manifest() {
    return manifest;
  }

  public List<Sample> samples() {
    return samples;
  }

  /** Hash of what a sample asks about: equal for two copies of one scan or picture. */
  public String contentSha256(Sample sample) {
    return entry(sample.sourceId()).contentSha256();
  }

  /**
   * Looks for every shard and at its length, not at its content: cheap enough for the start of a
   * command.
   *
   * @throws MedVolException (DAMAGED_DATA) if one is absent or of another length
   */
  public void requireComplete() throws IOException {
    Map<String, Map<String, Long>> folders = new HashMap<>();
    List<String> faults = new ArrayList<>();
    for (ShardEntry entry : manifest.shards()) {
      String path = Storage.join(folder, entry.path());
      int name = path.lastIndexOf('/') + 1;
      String parent = path.substring(0, name - 1);
      if (!folders.containsKey(parent)) {
        folders.put(parent, storage.lengths(parent));
      }
      Long length = folders.get(parent).get(path.substring(name));
      if (length == null) {
        faults.add(path + " is missing");
      } else if (length != entry.length()) {
        faults.add(path + " has " + length + " bytes, the manifest lists " + entry.length());
      }
    }
    if (!faults.isEmpty()) {
      throw new MedVolException(
          ErrorCode.DAMAGED_DATA,
          "The data set in "
              + folder
              + " is damaged: "
              + faults.size()
              + " of its "
              + manifest.shards().size()
              + " slice shards are missing or of another length; the first: "
              + faults.get(0)
              + ". Restore the files, or prepare the data again.");
    }
  }

  /**
   * Opens the shard of a volume; the caller closes it.
   *
   * @throws MedVolException (DAMAGED_DATA) if it is absent or its SHA-256 is not the manifest's
   */
  public SliceShardReader openShard(String volumeId) throws IOException {
    ShardEntry entry = entry(volumeId);
    String path = Storage.join(folder, entry.path());
    verified.require(storage, path, entry);
    SliceShardReader reader = SliceShardReader.open(storage, path);
    ShardHeader header = reader.header();
    if (!header.volumeId().equals(volumeId)
        || !header.geometry().size().equals(entry.grid())
        || !header.contentSha256().equals(entry.contentSha256())) {
      reader.close();
      throw SliceShardSchema.malformed(path, "it holds another volume than the manifest lists");
    }
    return reader;
  }

  private ShardEntry entry(String volumeId) {
    ShardEntry entry = shards.get(volumeId);
    if (entry == null) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "Volume " + volumeId + " is not in the manifest of " + folder + ".");
    }
    return entry;
  }

  private void requireListed(Sample sample) {
    GridSize grid = entry(sample.sourceId()).grid();
    if (sample instanceof VrsSample located) {
      requireFit(located, grid);
    } else if (grid.slices() != 1 && grid.slices() != Picture.COLOURS) {
      throw new MedVolException(
          ErrorCode.MALFORMED_DATA,
          "Sample %s asks about the picture %s, which has %d channels; a picture has 1 or 3."
              .formatted(sample.id(), sample.sourceId(), grid.slices()));
    }
  }

  private static void requireFit(VrsSample sample, GridSize grid) {
    boolean shown =
        !sample.shownSlices().isEmpty()
            && sample.shownSlices().stream().allMatch(s -> s >= 0 && s < grid.slices());
    boolean anchored =
        sample.keySlice() == null || sample.shownSlices().contains(sample.keySlice());
    boolean boxed =
        sample.keyBoxes().stream()
            .allMatch(
                box ->
                    box.x1() >= 0
                        && box.y1() >= 0
                        && box.x2() < grid.columns()
                        && box.y2() < grid.rows());
    if (!shown || !anchored || !boxed) {
      throw new MedVolException(
          ErrorCode.MALFORMED_DATA,
          "Sample %s shows slices %s with key slice %s and boxes %s, which do not fit its volume of"
                  .formatted(
                      sample.id(), sample.shownSlices(), sample.keySlice(), sample.keyBoxes())
              + " %d slices, %d rows and %d columns; prepare the data again."
                  .formatted(grid.slices(), grid.rows(), grid.columns()));
    }
  }
}
