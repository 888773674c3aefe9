package io.medvol.data.shard;

import io.medvol.data.volume.GridSize;
import java.io.Serializable;
import java.util.Objects;

/**
 * The line of a manifest that lists one shard.
 *
 * @param volumeId pseudonym of the scan, unique in the manifest
 * @param path of the file, relative to the folder of the manifest
 * @param length of the file in bytes
 * @param sha256 of the file
 * @param grid of the volume in canonical axes
 * @param labelled whether its slices carry labels
 * @param contentSha256 hash of grid and HU values
 */
public record ShardEntry(
    String volumeId,
    String path,
    long length,
    String sha256,
    GridSize grid,
    boolean labelled,
    String contentSha256)
    implements Serializable {
  public ShardEntry {
    ManifestRules.requireVolumeId(volumeId);
    ManifestRules.requireRelative(path);
    ManifestRules.requireFile(path, length, sha256);
    Objects.requireNonNull(grid, "grid");
    Objects.requireNonNull(contentSha256, "contentSha256");
  }
}
