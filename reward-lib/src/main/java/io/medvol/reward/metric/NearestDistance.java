package io.medvol.reward.metric;

import io.medvol.data.volume.GridSize;
import java.util.Arrays;

/**
 * Exact Euclidean distances to the nearest of a set of voxels: one axis after the other by lower
 * envelopes, linear in the box around all voxels involved. Distances are in millimetres between
 * voxel centres.
 */
final class NearestDistance {
  private static final int NONE = -1;

  private NearestDistance() {}

  /**
   * The distance from each source voxel to the nearest target voxel.
   *
   * @param sources indices of {@link GridSize#index}, ascending
   * @param targets likewise; at least one
   */
  static double[] between(int[] sources, int[] targets, GridSize size, VoxelSpacing spacing) {
    VoxelRange range = VoxelRange.around(size, sources, targets);
    int[] nearest = nearestInSlice(targets, size, range, spacing);
    return acrossSlices(sources, nearest, size, range, spacing);
  }

  /**
   * For each voxel of the range the nearest target of its own slice, as {@code row · columns +
   * column} in the range, or {@link #NONE}.
   */
  private static int[] nearestInSlice(
      int[] targets, GridSize size, VoxelRange range, VoxelSpacing spacing) {
    int columns = range.columns();
    int rows = range.rows();
    int[] nearest = new int[Math.multiplyExact(range.slices(), rows * columns)];
    Arrays.fill(nearest, NONE);
    int[] columnOfNearest = new int[rows * columns];
    LowerEnvelope envelope = new LowerEnvelope(rows, spacing.row());
    int next = 0;
    for (int slice = 0; slice < range.slices(); slice++) {
      int first = next;
      int end = (range.slice0() + slice + 1) * size.pixelsPerSlice();
      while (next < targets.length && targets[next] < end) {
        next++;
      }
      if (first == next) {
        continue;
      }
      Arrays.fill(columnOfNearest, NONE);
      for (int i = first; i < next; i++) {
        int row = targets[i] / size.columns() % size.rows() - range.row0();
        int column = targets[i] % size.columns() - range.column0();
        columnOfNearest[row * columns + column] = column;
      }
      for (int row = 0; row < rows; row++) {
        spreadAlongRow(columnOfNearest, row * columns, columns);
      }
      int base = slice * rows * columns;
      for (int column = 0; column < columns; column++) {
        envelope.clear();
        for (int row = 0; row < rows; row++) {
          int found = columnOfNearest[row * columns + column];
          if (found != NONE) {
            double distance = spacing.column() * (column - found);
            envelope.add(row, distance * distance);
          }
        }
        int k = 0;
        for (int row = 0; row < rows; row++) {
          k = envelope.lowest(row, k);
          int apex = envelope.apex(k);
          nearest[base + row * columns + column] =
              apex * columns + columnOfNearest[apex * columns + column];
        }
      }
    }
    return nearest;
  }

  /** Replaces every entry of a row by the column of the nearest target of that row. */
  private static void spreadAlongRow(int[] columnOfNearest, int base, int columns) {
    int last = NONE;
    for (int column = 0; column < columns; column++) {
      if (columnOfNearest[base + column] == column) {
        if (last == NONE) {
          Arrays.fill(columnOfNearest, base, base + column, column);
        } else {
          int middle = (last + column) / 2;
          Arrays.fill(columnOfNearest, base + last, base + middle + 1, last);
          Arrays.fill(columnOfNearest, base + middle + 1, base + column, column);
        }
        last = column;
      }
    }
    if (last != NONE) {
      Arrays.fill(columnOfNearest, base + last, base + columns, last);
    }
  }

  private static double[] acrossSlices(
      int[] sources, int[] nearest, GridSize size, VoxelRange range, VoxelSpacing spacing) {
    int pixels = range.rows() * range.columns();
    int[] order = range.byPixel(sources, size);
    LowerEnvelope envelope = new LowerEnvelope(range.slices(), spacing.slice());
    double[] distances = new double[sources.length];
    int builtFor = NONE;
    int k = 0;
    for (int source : order) {
      int pixel = range.pixel(sources[source], size);
      if (pixel != builtFor) {
        envelope.clear();
        for (int slice = 0; slice < range.slices(); slice++) {
          int found = nearest[slice * pixels + pixel];
          if (found != NONE) {
            envelope.add(slice, inPlane(pixel, found, range.columns(), spacing));
          }
        }
        builtFor = pixel;
        k = 0;
      }
      int slice = sources[source] / size.pixelsPerSlice() - range.slice0();
      k = envelope.lowest(slice, k);
      distances[source] = Math.sqrt(envelope.height(k, slice));
    }
    return distances;
  }

  private static double inPlane(int pixel, int found, int columns, VoxelSpacing spacing) {
    double x = spacing.column() * (pixel % columns - found % columns);
    double y = spacing.row() * (pixel / columns - found / columns);
    return x * x + y * y;
  }
}
