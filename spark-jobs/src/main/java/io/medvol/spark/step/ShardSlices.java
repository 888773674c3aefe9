package io.medvol.spark.step;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.shard.ShardDataset;
import io.medvol.data.shard.SliceShardReader;
import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.CtVolume;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.LabelVolume;
import io.medvol.rollout.prompt.OpenVolume;
import io.medvol.rollout.prompt.SliceSource;
import java.io.IOException;
import java.util.List;
import java.util.Objects;

/** The volumes of a prepared data set, each opened from its shard. Thread-safe. */
public final class ShardSlices implements SliceSource {
  private final ShardDataset dataset;

  public ShardSlices(ShardDataset dataset) {
    this.dataset = Objects.requireNonNull(dataset, "dataset");
  }

  @Override
  public OpenVolume open(String volumeId) {
    return new ShardVolume(volumeId, reading(volumeId, () -> dataset.openShard(volumeId)));
  }

  private static <T> T reading(String volumeId, Read<T> read) {
    try {
      return read.get();
    } catch (IOException e) {
      throw new MedVolException(
          ErrorCode.RESOURCE,
          "The shard of volume " + volumeId + " cannot be read: " + e.getMessage() + ".",
          e);
    }
  }

  private interface Read<T> {
    T get() throws IOException;
  }

  /** Reads slices as they are asked for, the whole scan and its labels once. */
  private static final class ShardVolume implements OpenVolume {
    private final String volumeId;
    private final SliceShardReader reader;
    private CtVolume ct;
    private LabelVolume labels;

    private ShardVolume(String volumeId, SliceShardReader reader) {
      this.volumeId = volumeId;
      this.reader = reader;
    }

    @Override
    public GridSize size() {
      return reader.header().geometry().size();
    }

    @Override
    public short[] slice(int index) {
      return ct == null ? reading(volumeId, () -> reader.slice(index)).hu() : ct.slice(index);
    }

    @Override
    public CtVolume ct() {
      if (ct == null) {
        ct = reading(volumeId, reader::volume);
      }
      return ct;
    }

    @Override
    public BinaryMask mask(List<Integer> wanted) {
      if (labels == null) {
        labels =
            reading(volumeId, reader::labels)
                .orElseThrow(
                    () ->
                        new MedVolException(
                            ErrorCode.MALFORMED_DATA,
                            "The shard of volume "
                                + volumeId
                                + " has no labels; prepare the folder with its labels."));
      }
      return labels.mask(wanted);
    }

    @Override
    public void close() {
      reading(
          volumeId,
          () -> {
            reader.close();
            return null;
          });
    }
  }
}
