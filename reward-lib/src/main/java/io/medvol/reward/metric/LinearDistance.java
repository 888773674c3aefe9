package io.medvol.reward.metric;

import java.util.Arrays;

/**
 * Exact Euclidean distances of given places to the nearest voxel of a mask, one axis after the
 * other by lower envelopes: linear in the rows that hold voxels times the columns that hold places.
 * Works column by column, so that no volume of distances is ever stored. Distances are squared, in
 * millimetres. Not thread-safe.
 */
final class LinearDistance {
  /** Further from any column than a row is long, and still exact when squared. */
  private static final int NOWHERE = 1 << 24;

  private final VoxelBits targets;
  private final VoxelSpacing spacing;

  /** Rows that hold voxels, slice after slice; the rows of slice z start at {@code first[z]}. */
  private final int[] filled;

  private final int[] first;

  LinearDistance(VoxelBits targets, VoxelSpacing spacing) {
    this.targets = targets;
    this.spacing = spacing;
    int[] found = new int[targets.slices() * targets.rows()];
    this.first = new int[targets.slices() + 1];
    int count = 0;
    for (int slice = 0; slice < targets.slices(); slice++) {
      first[slice] = count;
      for (int row = 0; row < targets.rows(); row++) {
        if (targets.next(targets.row(slice, row), 0) >= 0) {
          found[count++] = row;
        }
      }
    }
    first[targets.slices()] = count;
    this.filled = Arrays.copyOf(found, count);
  }

  /** A place as a number that sorts by column, row and slice. */
  int place(int slice, int row, int column) {
    return (column * targets.rows() + row) * targets.slices() + slice;
  }

  /**
   * The squared distance of each place, in the same order.
   *
   * @param places ascending numbers of {@link #place}
   */
  double[] squaredDistances(int[] places) {
    int slices = targets.slices();
    int perColumn = targets.rows() * slices;
    double[] distances = new double[places.length];
    NearestColumn nearest = new NearestColumn();
    LowerEnvelope alongRows = new LowerEnvelope(targets.rows());
    LowerEnvelope alongSlices = new LowerEnvelope(slices);
    int[] rows = new int[targets.rows()];
    double[] inPlane = new double[perColumn];
    int from = 0;
    while (from < places.length) {
      int column = places[from] / perColumn;
      int to = from;
      int count = 0;
      while (to < places.length && places[to] / perColumn == column) {
        int row = places[to++] / slices % targets.rows();
        if (count == 0 || rows[count - 1] != row) {
          rows[count++] = row;
        }
      }
      nearest.moveTo(column);
      for (int slice = 0; slice < slices; slice++) {
        withinSlice(slice, rows, count, nearest, alongRows, inPlane);
      }
      acrossSlices(places, from, to, inPlane, alongSlices, distances);
      from = to;
    }
    return distances;
  }

  /** Writes {@code [row][slice]} of the column, in squares of the distance between slices. */
  private void withinSlice(
      int slice,
      int[] rows,
      int count,
      NearestColumn nearest,
      LowerEnvelope envelope,
      double[] inPlane) {
    double columnSteps = spacing.column() / spacing.row();
    double heightUnit = columnSteps * columnSteps;
    double rowSteps = spacing.row() / spacing.slice();
    double unit = rowSteps * rowSteps;
    envelope.clear();
    for (int i = first[slice]; i < first[slice + 1]; i++) {
      double columns = nearest.distance(i);
      envelope.add(filled[i], heightUnit * columns * columns);
    }
    int k = 0;
    for (int i = 0; i < count; i++) {
      double value = Double.POSITIVE_INFINITY;
      if (!envelope.isEmpty()) {
        k = envelope.lowest(rows[i], k);
        value = unit * envelope.height(k, rows[i]);
      }
      inPlane[i * targets.slices() + slice] = value;
    }
  }

  private void acrossSlices(
      int[] places,
      int from,
      int to,
      double[] inPlane,
      LowerEnvelope envelope,
      double[] distances) {
    int slices = targets.slices();
    double unit = spacing.slice() * spacing.slice();
    int line = -1;
    int builtFor = -1;
    int k = 0;
    for (int i = from; i < to; i++) {
      if (places[i] / slices != builtFor) {
        builtFor = places[i] / slices;
        line++;
        envelope.clear();
        for (int slice = 0; slice < slices; slice++) {
          double height = inPlane[line * slices + slice];
          if (height < Double.POSITIVE_INFINITY) {
            envelope.add(slice, height);
          }
        }
        k = 0;
      }
      int slice = places[i] % slices;
      k = envelope.lowest(slice, k);
      distances[i] = unit * envelope.height(k, slice);
    }
  }

  /** For each filled row its nearest voxels on either side of a column that only moves right. */
  private final class NearestColumn {
    private final int[] word = new int[filled.length];
    private final int[] left = new int[filled.length];
    private final int[] right = new int[filled.length];
    private int column;

    NearestColumn() {
      for (int slice = 0; slice < targets.slices(); slice++) {
        for (int i = first[slice]; i < first[slice + 1]; i++) {
          word[i] = targets.row(slice, filled[i]);
          left[i] = -NOWHERE;
          right[i] = targets.next(word[i], 0);
        }
      }
    }

    void moveTo(int next) {
      column = next;
    }

    int distance(int i) {
      while (right[i] < column) {
        left[i] = right[i];
        int following = targets.next(word[i], right[i] + 1);
        right[i] = following < 0 ? NOWHERE : following;
      }
      return Math.min(column - left[i], right[i] - column);
    }
  }
}
