package io.medvol.data.volume;

import java.io.Serializable;
import java.util.Arrays;
import java.util.BitSet;

/**
 * A mask as the runs of its voxels in the order of {@link GridSize#index}: what travels and is kept
 * of one. Immutable.
 */
public final class MaskRuns implements Serializable {
  private static final long serialVersionUID = 1L;

  private final GridSize size;

  /** The first voxel of each run and the one behind its last, in turn. */
  private final int[] bounds;

  private MaskRuns(GridSize size, int[] bounds) {
    this.size = size;
    this.bounds = bounds;
  }

  public static MaskRuns of(BinaryMask mask) {
    BitSet voxels = BitSet.valueOf(mask.words());
    int[] bounds = new int[64];
    int count = 0;
    for (int first = voxels.nextSetBit(0); first >= 0; ) {
      int end = voxels.nextClearBit(first);
      if (count == bounds.length) {
        bounds = Arrays.copyOf(bounds, 2 * count);
      }
      bounds[count++] = first;
      bounds[count++] = end;
      first = voxels.nextSetBit(end);
    }
    return new MaskRuns(mask.size(), Arrays.copyOf(bounds, count));
  }

  public BinaryMask mask() {
    BitSet voxels = new BitSet();
    for (int run = 0; run < bounds.length; run += 2) {
      voxels.set(bounds[run], bounds[run + 1]);
    }
    return BinaryMask.ofWords(size, voxels.toLongArray());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MaskRuns runs
        && size.equals(runs.size)
        && Arrays.equals(bounds, runs.bounds);
  }

  @Override
  public int hashCode() {
    return 31 * size.hashCode() + Arrays.hashCode(bounds);
  }

  @Override
  public String toString() {
    return "MaskRuns[" + size + ", " + bounds.length / 2 + " runs]";
  }
}
