package io.medvol.data.shard;

import java.util.Optional;

/**
 * One slice of a shard: HU values and labels, {@code [row][column]} in row-major order. The arrays
 * belong to whoever asked for the slice.
 */
public final class ShardSlice {
  private final int index;
  private final short[] hu;
  private final short[] labels;

  ShardSlice(int index, short[] hu, short[] labels) {
    this.index = index;
    this.hu = hu;
    this.labels = labels;
  }

  public int index() {
    return index;
  }

  public short[] hu() {
    return hu;
  }

  /** Empty if the volume has no labels. */
  public Optional<short[]> labels() {
    return Optional.ofNullable(labels);
  }
}
