package io.medvol.data.dataset;

import io.medvol.data.example.VrsSample;
import io.medvol.data.shard.ShardEntry;
import java.util.List;
import java.util.Objects;

/**
 * A case that was written as a shard.
 *
 * @param samples its questions, in the order of the queries
 * @param absentTargets queries whose target the volume does not hold
 * @param unshownTargets queries whose target lies on none of the shown slices; they give no sample
 */
public record PreparedVolume(
    String caseId, ShardEntry shard, List<VrsSample> samples, int absentTargets, int unshownTargets)
    implements Prepared {
  public PreparedVolume {
    Objects.requireNonNull(caseId, "caseId");
    Objects.requireNonNull(shard, "shard");
    samples = List.copyOf(samples);
  }
}
