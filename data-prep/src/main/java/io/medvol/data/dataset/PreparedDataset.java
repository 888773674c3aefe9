package io.medvol.data.dataset;

import io.medvol.data.example.Sample;
import io.medvol.data.shard.SampleStore;
import io.medvol.data.shard.ShardManifest;
import io.medvol.data.storage.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes the prepared volumes of a folder visible as one data set. */
public final class PreparedDataset {
  private PreparedDataset() {}

  /**
   * Writes the samples and, last, the manifest; then the files it does not list are removed. Until
   * the manifest is there, a data set that was in the folder before is untouched. The result does
   * not depend on the order of the volumes; of two samples with the same id the first is kept.
   */
  public static ShardManifest commit(
      Storage storage,
      String folder,
      FolderDescription description,
      Collection<? extends Prepared> volumes)
      throws IOException {
    List<Prepared> ordered = new ArrayList<>(volumes);
    ordered.sort(Comparator.comparing(volume -> volume.shard().volumeId()));
    Map<String, Sample> samples = new LinkedHashMap<>();
    for (Prepared volume : ordered) {
      volume.samples().forEach(sample -> samples.putIfAbsent(sample.id(), sample));
    }
    ShardManifest manifest =
        new ShardManifest(
            description.name(),
            description.labelNames(),
            SampleStore.write(storage, folder, List.copyOf(samples.values())),
            ordered.stream().map(Prepared::shard).toList());
    manifest.commit(storage, folder);
    manifest.removeOthers(storage, folder);
    return manifest;
  }
}
