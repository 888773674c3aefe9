package io.medvol.data.dataset;

import io.medvol.data.example.VrsSample;
import io.medvol.data.shard.SampleStore;
import io.medvol.data.shard.ShardManifest;
import io.medvol.data.storage.Storage;
import java.io.IOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes the prepared volumes of a folder visible as one data set. */
public final class PreparedDataset {
  private PreparedDataset() {}

  /**
   * Writes the samples and, last, the manifest. The result does not depend on the order of the
   * volumes; of two samples with the same id the first is kept.
   */
  public static ShardManifest commit(
      Storage storage,
      String folder,
      FolderDescription description,
      Collection<PreparedVolume> volumes)
      throws IOException {
    List<PreparedVolume> ordered =
        volumes.stream().sorted(Comparator.comparing(volume -> volume.shard().volumeId())).toList();
    Map<String, VrsSample> samples = new LinkedHashMap<>();
    for (PreparedVolume volume : ordered) {
      volume.samples().forEach(sample -> samples.putIfAbsent(sample.id(), sample));
    }
    ShardManifest manifest =
        new ShardManifest(
            description.name(),
            description.labelNames(),
            SampleStore.write(storage, folder, List.copyOf(samples.values())),
            ordered.stream().map(PreparedVolume::shard).toList());
    manifest.commit(storage, folder);
    return manifest;
  }
}
