package io.medvol.reward.metric;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Looks for the nearest voxel of a mask row by row, nearest rows first, and gives up after a fixed
 * number of rows: where two surfaces lie close together, as they mostly do, this is all there is to
 * do. Distances are squared, in millimetres. Immutable.
 */
final class NearSearch {
  /** The answer where the nearest voxel is further away than was looked. */
  static final double FAR = -1;

  private static final int ROWS = 96;
  private static final int REACH = 12;
  private static final int HALF_WINDOW = Long.SIZE / 2;

  private record Offset(int slice, int row, double squared) {}

  private final VoxelBits targets;
  private final double columnSquared;
  private final int[] slices = new int[ROWS];
  private final int[] rows = new int[ROWS];
  private final double[] squared = new double[ROWS];

  /** Nothing nearer than this was overlooked. */
  private final double horizon;

  NearSearch(VoxelBits targets, VoxelSpacing spacing) {
    this.targets = targets;
    this.columnSquared = spacing.column() * spacing.column();
    List<Offset> offsets =
        IntStream.rangeClosed(-REACH, REACH)
            .boxed()
            .flatMap(
                slice ->
                    IntStream.rangeClosed(-REACH, REACH)
                        .mapToObj(row -> offset(slice, row, spacing)))
            .sorted(Comparator.comparingDouble(Offset::squared))
            .toList();
    for (int i = 0; i < ROWS; i++) {
      slices[i] = offsets.get(i).slice();
      rows[i] = offsets.get(i).row();
      squared[i] = offsets.get(i).squared();
    }
    double beyond = (REACH + 1) * Math.min(spacing.slice(), spacing.row());
    double unseenColumn = HALF_WINDOW * spacing.column();
    this.horizon =
        Math.min(
            offsets.get(ROWS).squared(), Math.min(beyond * beyond, unseenColumn * unseenColumn));
  }

  private static Offset offset(int slice, int row, VoxelSpacing spacing) {
    double z = slice * spacing.slice();
    double y = row * spacing.row();
    return new Offset(slice, row, z * z + y * y);
  }

  /** Whether {@link #within} sees everything up to a distance. */
  boolean covers(double millimetres) {
    return millimetres * millimetres < horizon;
  }

  /** Whether a voxel lies within a distance that the search covers. */
  boolean within(double millimetres, int slice, int row, int column) {
    return look(slice, row, column, millimetres * millimetres, true) != FAR;
  }

  /** Squared distance of the nearest voxel to a place, or {@link #FAR}. */
  double squaredDistance(int slice, int row, int column) {
    return look(slice, row, column, horizon, false);
  }

  private double look(int slice, int row, int column, double limit, boolean any) {
    double best = limit;
    boolean found = false;
    for (int i = 0; i < ROWS && squared[i] <= best; i++) {
      int z = slice + slices[i];
      int y = row + rows[i];
      if (z < 0 || z >= targets.slices() || y < 0 || y >= targets.rows()) {
        continue;
      }
      long window = targets.around(targets.row(z, y), column);
      if (window == 0) {
        continue;
      }
      int right = Long.numberOfTrailingZeros(window >>> HALF_WINDOW);
      int left = Long.numberOfLeadingZeros(window << HALF_WINDOW - 1);
      double columns = Math.min(left, right);
      double distance = squared[i] + columnSquared * columns * columns;
      if (distance <= best) {
        best = distance;
        if (any) {
          return best;
        }
        found = true;
      }
    }
    return found ? best : FAR;
  }
}
