package io.medvol.data.dataset;

import io.medvol.data.example.VrsSample;
import io.medvol.data.shard.ShardEntry;
import java.util.List;
import java.util.Objects;

/**
 * A case that was written as a shard.
 *
 * @param samples its questions, in the order of the queries
 */
public record PreparedVolume(
    String caseId, ShardEntry shard, List<VrsSample> samples, ScanFindings findings)
    implements Prepared {
  public PreparedVolume {
    Objects.requireNonNull(caseId, "caseId");
    Objects.requireNonNull(shard, "shard");
    Objects.requireNonNull(findings, "findings");
    samples = List.copyOf(samples);
  }
}
