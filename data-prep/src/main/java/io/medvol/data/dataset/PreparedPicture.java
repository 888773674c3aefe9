package io.medvol.data.dataset;

import io.medvol.data.example.ChoiceSample;
import io.medvol.data.shard.ShardEntry;
import java.util.List;
import java.util.Objects;

/**
 * A picture that was written as a shard.
 *
 * @param samples its questions, in their order
 */
public record PreparedPicture(String caseId, ShardEntry shard, List<ChoiceSample> samples)
    implements Prepared {
  public PreparedPicture {
    Objects.requireNonNull(caseId, "caseId");
    Objects.requireNonNull(shard, "shard");
    samples = List.copyOf(samples);
  }
}
