package io.medvol.reward.metric;

import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;
import io.medvol.reward.metric.ConnectedComponents.Connectivity;
import java.util.Arrays;
import java.util.BitSet;

/**
 * The voxels of a mask as runs within rows, each with the number of the component it belongs to:
 * components are numbered from 0 in the order of their first voxels. Takes time in proportion to
 * runs and rows, not to voxels (union-find over runs that touch; He, Chao and Suzuki, 2008).
 */
final class LabelledRuns {
  /** Slice and row of the rows before a row that may hold its neighbours. */
  private static final int[][] ROWS_BEFORE = {{0, -1}, {-1, -1}, {-1, 0}, {-1, 1}};

  private final GridSize size;

  /** The first voxel of each run and the one behind its last, by index in the grid. */
  private final int[] starts;

  private final int[] ends;

  /** The runs of row r of all the grid's rows begin at {@code firstOfRow[r]}. */
  private final int[] firstOfRow;

  private final int[] componentOf;
  private final int[] voxels;

  private LabelledRuns(GridSize size, int[] starts, int[] ends, int[] firstOfRow) {
    this.size = size;
    this.starts = starts;
    this.ends = ends;
    this.firstOfRow = firstOfRow;
    this.componentOf = new int[starts.length];
    this.voxels = new int[starts.length];
  }

  static LabelledRuns of(BinaryMask mask, Connectivity connectivity) {
    GridSize size = mask.size();
    BitSet bits = BitSet.valueOf(mask.words());
    int columns = size.columns();
    int[] starts = new int[64];
    int[] ends = new int[64];
    int[] firstOfRow = new int[size.slices() * size.rows() + 1];
    int count = 0;
    int row = 0;
    // Voxels without a gap may fill many rows: where they end is looked up once.
    int gap = 0;
    for (int start = bits.nextSetBit(0); start >= 0; ) {
      int rowOfRun = start / columns;
      gap = start < gap ? gap : bits.nextClearBit(start);
      while (row <= rowOfRun) {
        firstOfRow[row++] = count;
      }
      if (count == starts.length) {
        starts = Arrays.copyOf(starts, 2 * count);
        ends = Arrays.copyOf(ends, 2 * count);
      }
      int end = Math.min(gap, (rowOfRun + 1) * columns);
      starts[count] = start;
      ends[count++] = end;
      start = bits.nextSetBit(end);
    }
    Arrays.fill(firstOfRow, row, firstOfRow.length, count);
    LabelledRuns runs =
        new LabelledRuns(
            size, Arrays.copyOf(starts, count), Arrays.copyOf(ends, count), firstOfRow);
    runs.label(connectivity);
    return runs;
  }

  int runs() {
    return starts.length;
  }

  /** The first voxel of a run. */
  int start(int run) {
    return starts[run];
  }

  /** The voxel behind the last one of a run. */
  int end(int run) {
    return ends[run];
  }

  /** The component a run belongs to. */
  int component(int run) {
    return componentOf[run];
  }

  /** How many voxels a component has; 0 from the number of components on. */
  int voxels(int component) {
    return voxels[component];
  }

  int components() {
    int count = 0;
    while (count < voxels.length && voxels[count] > 0) {
      count++;
    }
    return count;
  }

  private void label(Connectivity connectivity) {
    int[] parents = new int[starts.length];
    Arrays.setAll(parents, run -> run);
    int perSlice = size.rows();
    for (int row = 0; row < firstOfRow.length - 1; row++) {
      if (firstOfRow[row] == firstOfRow[row + 1]) {
        continue;
      }
      for (int[] step : ROWS_BEFORE) {
        int at = row % perSlice + step[1];
        int other = row + step[0] * perSlice + step[1];
        int moved = Math.abs(step[0]) + Math.abs(step[1]);
        if (moved <= connectivity.axes() && at >= 0 && at < perSlice && other >= 0) {
          join(parents, other, row, moved < connectivity.axes() ? 1 : 0);
        }
      }
    }
    int components = 0;
    for (int run = 0; run < parents.length; run++) {
      // A root is the first run of its component, so that it is labelled before all the others.
      int root = root(parents, run);
      componentOf[run] = root == run ? components++ : componentOf[root];
      voxels[componentOf[run]] += ends[run] - starts[run];
    }
  }

  /** Joins the runs of two rows that touch, or lie so many columns apart that they still do. */
  private void join(int[] parents, int before, int row, int reach) {
    int shift = (row - before) * size.columns();
    int a = firstOfRow[before];
    int b = firstOfRow[row];
    while (a < firstOfRow[before + 1] && b < firstOfRow[row + 1]) {
      if (starts[a] + shift < ends[b] + reach && starts[b] < ends[a] + shift + reach) {
        int rootA = root(parents, a);
        int rootB = root(parents, b);
        parents[Math.max(rootA, rootB)] = Math.min(rootA, rootB);
      }
      if (ends[a] + shift < ends[b]) {
        a++;
      } else {
        b++;
      }
    }
  }

  private static int root(int[] parents, int run) {
    int at = run;
    while (parents[at] != at) {
      parents[at] = parents[parents[at]];
      at = parents[at];
    }
    return at;
  }
}
