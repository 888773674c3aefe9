package io.medvol.model.qwen;

import io.medvol.model.policy.ImageGrid;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the patches of some pictures lie. They are ordered by picture, frame, merge block, then row
 * and column inside the block. Immutable.
 */
final class PatchGrid {
  /** Corners of the learned table that a patch mixes. */
  static final int TAPS = 4;

  private final List<ImageGrid> grids;
  private final int[] rows;
  private final int[] columns;

  private PatchGrid(List<ImageGrid> grids, int[] rows, int[] columns) {
    this.grids = grids;
    this.rows = rows;
    this.columns = columns;
  }

  static PatchGrid of(List<ImageGrid> grids, int mergeSize) {
    int count = grids.stream().mapToInt(ImageGrid::patches).reduce(0, Math::addExact);
    int[] rows = new int[count];
    int[] columns = new int[count];
    int patch = 0;
    for (ImageGrid grid : grids) {
      for (int frame = 0; frame < grid.frames(); frame++) {
        for (int top = 0; top < grid.rows(); top += mergeSize) {
          for (int left = 0; left < grid.columns(); left += mergeSize) {
            for (int inside = 0; inside < mergeSize * mergeSize; inside++) {
              rows[patch] = top + inside / mergeSize;
              columns[patch] = left + inside % mergeSize;
              patch++;
            }
          }
        }
      }
    }
    return new PatchGrid(List.copyOf(grids), rows, columns);
  }

  int count() {
    return rows.length;
  }

  int row(int patch) {
    return rows[patch];
  }

  int column(int patch) {
    return columns[patch];
  }

  List<ImageGrid> grids() {
    return grids;
  }

  /** The same patches, their merged groups of so many rows in another order. */
  PatchGrid reordered(int[] order, int unit) {
    int[] movedRows = new int[rows.length];
    int[] movedColumns = new int[columns.length];
    for (int i = 0; i < order.length; i++) {
      System.arraycopy(rows, order[i] * unit, movedRows, i * unit, unit);
      System.arraycopy(columns, order[i] * unit, movedColumns, i * unit, unit);
    }
    return new PatchGrid(grids, movedRows, movedColumns);
  }

  /**
   * Runs of frames with equally many patches, inside each of which attention stays: number of
   * frames, patches in each, and so on.
   */
  long[] attentionRuns() {
    List<Long> lengths = new ArrayList<>();
    for (ImageGrid grid : grids) {
      for (int frame = 0; frame < grid.frames(); frame++) {
        lengths.add((long) grid.rows() * grid.columns());
      }
    }
    return runs(lengths);
  }

  /** Lengths as pairs of a count and a length. */
  static long[] runs(List<Long> lengths) {
    List<Long> runs = new ArrayList<>();
    for (long length : lengths) {
      int last = runs.size() - 2;
      if (last >= 0 && runs.get(last + 1) == length) {
        runs.set(last, runs.get(last) + 1);
      } else {
        runs.add(1L);
        runs.add(length);
      }
    }
    return runs.stream().mapToLong(Long::longValue).toArray();
  }

  /**
   * The entries of a learned table of side x side positions that each patch mixes: bilinear, with
   * the corners of table and picture aligned.
   */
  Taps taps(int side) {
    long[] indices = new long[Math.multiplyExact(count(), TAPS)];
    float[] weights = new float[indices.length];
    int patch = 0;
    for (ImageGrid grid : grids) {
      for (int i = 0; i < grid.patches(); i++, patch++) {
        double y = tablePosition(rows[patch], grid.rows(), side);
        double x = tablePosition(columns[patch], grid.columns(), side);
        for (int tap = 0; tap < TAPS; tap++) {
          int down = tap / 2;
          int right = tap % 2;
          int tableRow = Math.min((int) y + down, side - 1);
          int tableColumn = Math.min((int) x + right, side - 1);
          double rowWeight = down == 0 ? 1 - (y - (int) y) : y - (int) y;
          double columnWeight = right == 0 ? 1 - (x - (int) x) : x - (int) x;
          indices[patch * TAPS + tap] = (long) tableRow * side + tableColumn;
          weights[patch * TAPS + tap] = (float) (rowWeight * columnWeight);
        }
      }
    }
    return new Taps(indices, weights);
  }

  private static double tablePosition(int at, int size, int side) {
    return size == 1 ? 0 : (double) at * (side - 1) / (size - 1);
  }

  /** Table entries and their weights, {@code [patch][tap]}. */
  static final class Taps {
    private final long[] indices;
    private final float[] weights;

    Taps(long[] indices, float[] weights) {
      this.indices = indices;
      this.weights = weights;
    }

    long[] indices() {
      return indices.clone();
    }

    float[] weights() {
      return weights.clone();
    }
  }
}
