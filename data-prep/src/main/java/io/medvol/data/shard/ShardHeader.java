package io.medvol.data.shard;

import io.medvol.data.volume.VolumeGeometry;
import java.io.Serializable;
import java.util.Objects;

/**
 * What a slice shard says of its volume before any pixel is read.
 *
 * @param volumeId pseudonym of the scan
 * @param geometry grid in canonical axes and where it lies in the patient
 * @param labelled whether the slices carry labels
 * @param contentSha256 hash of grid and HU values: equal for two shards of the same scan, whatever
 *     their labels
 */
public record ShardHeader(
    String volumeId, VolumeGeometry geometry, boolean labelled, String contentSha256)
    implements Serializable {
  public ShardHeader {
    Objects.requireNonNull(volumeId, "volumeId");
    Objects.requireNonNull(geometry, "geometry");
    Objects.requireNonNull(contentSha256, "contentSha256");
  }
}
