package io.medvol.reward.metric;

import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;
import java.util.Arrays;

/**
 * The boundary voxels of a mask: those with a face neighbour outside the mask, where outside the
 * volume counts as outside.
 */
final class MaskBoundary {
  private MaskBoundary() {}

  /** Indices of {@link GridSize#index}, ascending. */
  static int[] of(BinaryMask mask) {
    GridSize size = mask.size();
    int[] found = new int[1024];
    int count = 0;
    for (int index = mask.nextSet(0); index >= 0; index = mask.nextSet(index + 1)) {
      int column = index % size.columns();
      int row = index / size.columns() % size.rows();
      int slice = index / size.pixelsPerSlice();
      if (onBoundary(mask, slice, row, column)) {
        if (count == found.length) {
          found = Arrays.copyOf(found, 2 * count);
        }
        found[count++] = index;
      }
      if (index == Integer.MAX_VALUE) {
        break;
      }
    }
    return Arrays.copyOf(found, count);
  }

  private static boolean onBoundary(BinaryMask mask, int slice, int row, int column) {
    GridSize size = mask.size();
    return column == 0
        || row == 0
        || slice == 0
        || column == size.columns() - 1
        || row == size.rows() - 1
        || slice == size.slices() - 1
        || !mask.get(slice, row, column - 1)
        || !mask.get(slice, row, column + 1)
        || !mask.get(slice, row - 1, column)
        || !mask.get(slice, row + 1, column)
        || !mask.get(slice - 1, row, column)
        || !mask.get(slice + 1, row, column);
  }
}
