package io.medvol.data.dataset;

import io.medvol.data.example.Sample;
import io.medvol.data.shard.ShardEntry;
import java.util.List;

/** A case that was written as a shard. */
public sealed interface Prepared extends PreparationResult permits PreparedVolume, PreparedPicture {
  ShardEntry shard();

  /** What is asked about it. */
  List<? extends Sample> samples();
}
