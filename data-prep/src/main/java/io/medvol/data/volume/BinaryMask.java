package io.medvol.data.volume;

import java.io.Serializable;
import java.util.BitSet;

/**
 * A set of voxels of a grid, axis order {@code [slice][row][column]}. Immutable; build one with
 * {@link Builder}.
 */
public final class BinaryMask implements Serializable {
  private static final long serialVersionUID = 1L;

  private final GridSize size;
  private final BitSet voxels;

  private BinaryMask(GridSize size, BitSet voxels) {
    this.size = size;
    this.voxels = voxels;
  }

  public static BinaryMask empty(GridSize size) {
    return new BinaryMask(size, new BitSet());
  }

  public static Builder builder(GridSize size) {
    return new Builder(size);
  }

  public GridSize size() {
    return size;
  }

  public boolean get(int slice, int row, int column) {
    return voxels.get(size.index(slice, row, column));
  }

  /** Voxels set in the whole grid. */
  public int count() {
    return voxels.cardinality();
  }

  /** Voxels set on one slice. */
  public int area(int slice) {
    int from = slice * size.pixelsPerSlice();
    return voxels.get(from, from + size.pixelsPerSlice()).cardinality();
  }

  /** The first set voxel at or after an index of {@link GridSize#index}, or -1. */
  public int nextSet(int index) {
    return voxels.nextSetBit(index);
  }

  public int intersection(BinaryMask other) {
    requireSameGrid(other);
    BitSet both = (BitSet) voxels.clone();
    both.and(other.voxels);
    return both.cardinality();
  }

  public BinaryMask union(BinaryMask other) {
    requireSameGrid(other);
    BitSet either = (BitSet) voxels.clone();
    either.or(other.voxels);
    return new BinaryMask(size, either);
  }

  /** The same mask with every slice outside {@code first..last} cleared. */
  public BinaryMask restrictedTo(int first, int last) {
    BitSet kept = (BitSet) voxels.clone();
    kept.clear(0, Math.max(0, first) * size.pixelsPerSlice());
    int end = Math.min(size.slices(), last + 1) * size.pixelsPerSlice();
    kept.clear(Math.min(end, size.voxels()), size.voxels());
    return new BinaryMask(size, kept);
  }

  /** The set voxels as 64-bit words, lowest index first, without trailing zero words. */
  public long[] words() {
    return voxels.toLongArray();
  }

  public static BinaryMask ofWords(GridSize size, long[] words) {
    BitSet voxels = BitSet.valueOf(words);
    if (voxels.length() > size.voxels()) {
      throw new IllegalArgumentException(
          "The mask has a voxel at " + (voxels.length() - 1) + ", outside " + size);
    }
    return new BinaryMask(size, voxels);
  }

  private void requireSameGrid(BinaryMask other) {
    if (!size.equals(other.size)) {
      throw new IllegalArgumentException(
          "Masks of different grids: " + size + " and " + other.size);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BinaryMask mask && size.equals(mask.size) && voxels.equals(mask.voxels);
  }

  @Override
  public int hashCode() {
    return 31 * size.hashCode() + voxels.hashCode();
  }

  @Override
  public String toString() {
    return "BinaryMask[" + size + ", " + count() + " voxels]";
  }

  /** Collects voxels; not thread-safe. */
  public static final class Builder {
    private final GridSize size;
    private final BitSet voxels = new BitSet();

    private Builder(GridSize size) {
      this.size = size;
    }

    public Builder set(int slice, int row, int column) {
      voxels.set(size.index(slice, row, column));
      return this;
    }

    public Builder setIndex(int index) {
      voxels.set(index);
      return this;
    }

    public BinaryMask build() {
      return new BinaryMask(size, (BitSet) voxels.clone());
    }
  }
}
