package io.medvol.reward.metric;

import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/** Splits a mask into connected components, such as the lesions of a scan. */
public final class ConnectedComponents {
  /** Which voxels touch. */
  public enum Connectivity {
    /** The 6 that share a face. */
    FACES,
    /** These and the 12 that share an edge. */
    EDGES,
    /** These and the 8 that share a corner. */
    CORNERS;

    private int[][] offsets() {
      List<int[]> offsets = new ArrayList<>();
      for (int code = 0; code < 27; code++) {
        int[] step = {code / 9 - 1, code / 3 % 3 - 1, code % 3 - 1};
        int moved = Math.abs(step[0]) + Math.abs(step[1]) + Math.abs(step[2]);
        if (moved > 0 && moved <= ordinal() + 1) {
          offsets.add(step);
        }
      }
      return offsets.toArray(int[][]::new);
    }
  }

  /**
   * @param voxels number of voxels
   * @param firstVoxel the first in the order of {@link GridSize#index}
   * @param mask the component on the grid of the whole
   */
  public record Component(int voxels, int firstVoxel, BinaryMask mask) {}

  private ConnectedComponents() {}

  /** Largest first; of equal ones the one met first. */
  public static List<Component> of(BinaryMask mask, Connectivity connectivity) {
    List<Component> components = new ArrayList<>();
    for (int[] voxels : voxels(mask, connectivity)) {
      BinaryMask.Builder component = BinaryMask.builder(mask.size());
      for (int voxel : voxels) {
        component.setIndex(voxel);
      }
      components.add(new Component(voxels.length, voxels[0], component.build()));
    }
    components.sort(Comparator.comparingInt(Component::voxels).reversed());
    return components;
  }

  /** The voxels of each component, the first one first; components in the order they are met. */
  static List<int[]> voxels(BinaryMask mask, Connectivity connectivity) {
    BitSet left = BitSet.valueOf(mask.words());
    int[][] offsets = connectivity.offsets();
    List<int[]> components = new ArrayList<>();
    for (int first = left.nextSetBit(0); first >= 0; first = left.nextSetBit(first)) {
      components.add(take(left, first, mask.size(), offsets));
    }
    return components;
  }

  private static int[] take(BitSet left, int first, GridSize size, int[][] offsets) {
    int[] voxels = new int[64];
    int found = 0;
    left.clear(first);
    voxels[found++] = first;
    for (int next = 0; next < found; next++) {
      int index = voxels[next];
      if (found + offsets.length > voxels.length) {
        voxels = Arrays.copyOf(voxels, 2 * voxels.length);
      }
      for (int[] step : offsets) {
        int slice = index / size.pixelsPerSlice() + step[0];
        int row = index / size.columns() % size.rows() + step[1];
        int column = index % size.columns() + step[2];
        if (slice < 0
            || row < 0
            || column < 0
            || slice >= size.slices()
            || row >= size.rows()
            || column >= size.columns()) {
          continue;
        }
        int neighbour = size.index(slice, row, column);
        if (left.get(neighbour)) {
          left.clear(neighbour);
          voxels[found++] = neighbour;
        }
      }
    }
    return Arrays.copyOf(voxels, found);
  }
}
