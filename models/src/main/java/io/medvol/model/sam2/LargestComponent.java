package io.medvol.model.sam2;

import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;
import java.util.Arrays;
import java.util.BitSet;

/** Keeps the largest part of a mask whose voxels touch by sides, edges or corners. */
public final class LargestComponent {
  private LargestComponent() {}

  /** The first of equally large parts in slice-major order; an empty mask stays empty. */
  public static BinaryMask of(BinaryMask mask) {
    GridSize size = mask.size();
    BitSet left = BitSet.valueOf(mask.words());
    int[] component = new int[mask.count()];
    int[] largest = new int[0];
    for (int start = left.nextSetBit(0); start >= 0; start = left.nextSetBit(start + 1)) {
      int count = component(size, left, start, component);
      if (count > largest.length) {
        largest = Arrays.copyOf(component, count);
      }
    }
    BinaryMask.Builder kept = BinaryMask.builder(size);
    for (int voxel : largest) {
      kept.setIndex(voxel);
    }
    return kept.build();
  }

  /** Moves the component of a voxel from the voxels left to the list; returns its length. */
  private static int component(GridSize size, BitSet left, int start, int[] component) {
    int count = 1;
    component[0] = start;
    left.clear(start);
    for (int next = 0; next < count; next++) {
      int column = component[next] % size.columns();
      int row = component[next] / size.columns() % size.rows();
      int slice = component[next] / size.pixelsPerSlice();
      for (int z = Math.max(0, slice - 1); z <= Math.min(size.slices() - 1, slice + 1); z++) {
        for (int y = Math.max(0, row - 1); y <= Math.min(size.rows() - 1, row + 1); y++) {
          int line = size.index(z, y, 0);
          int to = line + Math.min(size.columns() - 1, column + 1);
          int from = line + Math.max(0, column - 1);
          for (int i = left.nextSetBit(from); i >= 0 && i <= to; i = left.nextSetBit(i + 1)) {
            left.clear(i);
            component[count++] = i;
          }
        }
      }
    }
    return count;
  }
}
