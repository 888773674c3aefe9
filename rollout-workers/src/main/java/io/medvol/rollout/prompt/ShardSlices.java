package io.medvol.rollout.prompt;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.shard.ShardDataset;
import io.medvol.data.shard.SliceShardReader;
import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.CtVolume;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.LabelVolume;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The volumes of a prepared data set, each in its Arrow slice shard. */
public final class ShardSlices implements SliceSource {
  private final ShardDataset dataset;

  public ShardSlices(ShardDataset dataset) {
    this.dataset = Objects.requireNonNull(dataset, "dataset");
  }

  @Override
  public OpenVolume open(String volumeId) {
    return new OpenShard(volumeId, reading(volumeId, () -> dataset.openShard(volumeId)));
  }

  /** What reads from a shard. */
  @FunctionalInterface
  private interface Reading<T> {
    T read() throws IOException;
  }

  private static <T> T reading(String volumeId, Reading<T> reading) {
    try {
      return reading.read();
    } catch (IOException e) {
      throw new MedVolException(
          ErrorCode.RESOURCE,
          "Cannot read the shard of volume " + volumeId + ": " + e.getMessage(),
          e);
    }
  }

  private static final class OpenShard implements OpenVolume {
    private final String volumeId;
    private final SliceShardReader reader;
    private CtVolume ct;
    private Optional<LabelVolume> labels;

    private OpenShard(String volumeId, SliceShardReader reader) {
      this.volumeId = volumeId;
      this.reader = reader;
    }

    @Override
    public GridSize size() {
      return reader.header().geometry().size();
    }

    @Override
    public short[] slice(int index) {
      return reading(volumeId, () -> reader.slice(index)).hu();
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
        labels = reading(volumeId, reader::labels);
      }
      return labels
          .orElseThrow(
              () ->
                  new MedVolException(
                      ErrorCode.MALFORMED_DATA,
                      "Volume "
                          + volumeId
                          + " was prepared without labels, so that answers about it cannot be"
                          + " scored; prepare it with its label file."))
          .mask(wanted);
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
