package io.medvol.reward.metric;

import java.util.Arrays;

/**
 * Exact Euclidean distances of given places to the nearest voxel of a mask, one axis after the
 * other by lower envelopes: linear in the rows that hold voxels times the columns that hold places.
 * Works column by column, so that no volume of distances is ever stored, and leaves out what lies
 * further off than the furthest place of the column before, looking again, twice as far, where that
 * falls short. Distances are squared, in millimetres. Not thread-safe.
 */
final class LinearDistance {
  /** Further from any column than a row is long, and still exact when squared. */
  private static final int NOWHERE = 1 << 24;

  /** In columns: how far the first column with places looks at first. */
  private static final int FIRST_REACH = 32;

  /** What adding a parabola costs, in looks at a slice. */
  private static final int ENVELOPE_COST = 4;

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

  /**
   * The squared distance of each place, in the same order.
   *
   * @param places ascending numbers of {@link VoxelPlaces}
   */
  double[] squaredDistances(int[] places) {
    int slices = targets.slices();
    int perColumn = targets.rows() * slices;
    double[] distances = new double[places.length];
    Column work = new Column();
    double reach = FIRST_REACH * spacing.column();
    int from = 0;
    while (from < places.length) {
      int column = places[from] / perColumn;
      int to = from;
      work.begin(column);
      while (to < places.length && places[to] / perColumn == column) {
        work.include(places[to] / slices % targets.rows(), to++);
      }
      work.end(to);
      double furthest = work.measure(places, reach, distances);
      while (furthest > reach && reach < columnsEnd()) {
        reach *= 2;
        furthest = work.measure(places, reach, distances);
      }
      // The furthest of neighbouring columns differ by little: this seldom falls short.
      reach = furthest + 2 * spacing.column();
      from = to;
    }
    return distances;
  }

  /** Millimetres that no two columns are apart. */
  private double columnsEnd() {
    return targets.columns() * spacing.column();
  }

  /** One column of the grid and the places in it; reused from column to column. */
  private final class Column {
    private final NearestColumn nearest = new NearestColumn();
    private final LowerEnvelope alongRows = new LowerEnvelope(targets.rows());
    private final LowerEnvelope alongSlices = new LowerEnvelope(targets.slices());

    /** The rows with places, and the first place of each. */
    private final int[] lines = new int[targets.rows()];

    private final int[] starts = new int[targets.rows() + 1];
    private int count;

    /** For each slice the lines with a place within reach of it. */
    private final int[] needed = new int[targets.rows() * targets.slices()];

    private final int[] neededCount = new int[targets.slices()];

    /** Of each line and slice, in squares of the distance between slices. */
    private final double[] inPlane = new double[targets.rows() * targets.slices()];

    void begin(int column) {
      nearest.moveTo(column);
      count = 0;
    }

    void include(int row, int place) {
      if (count == 0 || lines[count - 1] != row) {
        starts[count] = place;
        lines[count++] = row;
      }
    }

    void end(int place) {
      starts[count] = place;
    }

    /**
     * Writes the squared distances of the places, exact where they are within the reach, and
     * returns the largest distance.
     */
    double measure(int[] places, double reach, double[] distances) {
      boolean all = reach >= columnsEnd();
      int slicesAway = all ? targets.slices() : steps(reach, spacing.slice());
      int rowsAway = all ? targets.rows() : steps(reach, spacing.row());
      int columnsAway = all ? 2 * NOWHERE : steps(reach, spacing.column());
      need(places, slicesAway);
      for (int slice = 0; slice < targets.slices(); slice++) {
        if (neededCount[slice] > 0) {
          withinSlice(slice, rowsAway, columnsAway);
        }
      }
      return acrossSlices(places, slicesAway, distances);
    }

    private static int steps(double reach, double spacing) {
      return (int) Math.min(NOWHERE, Math.ceil(reach / spacing));
    }

    private boolean crowded(int line, int slicesAway) {
      long looks =
          (long) (starts[line + 1] - starts[line]) * Math.min(slicesAway, targets.slices());
      return looks > (long) ENVELOPE_COST * targets.slices();
    }

    private void need(int[] places, int slicesAway) {
      int slices = targets.slices();
      Arrays.fill(neededCount, 0);
      for (int line = 0; line < count; line++) {
        boolean crowded = crowded(line, slicesAway);
        int next = 0;
        for (int at = starts[line]; at < starts[line + 1] && next < slices; at++) {
          int place = places[at] % slices;
          int last = crowded ? slices - 1 : Math.min(slices - 1, place + slicesAway);
          for (next = crowded ? 0 : Math.max(next, place - slicesAway); next <= last; next++) {
            needed[next * targets.rows() + neededCount[next]++] = line;
          }
        }
      }
    }

    private void withinSlice(int slice, int rowsAway, int columnsAway) {
      double columnSteps = spacing.column() / spacing.row();
      double heightUnit = columnSteps * columnSteps;
      double rowSteps = spacing.row() / spacing.slice();
      double unit = rowSteps * rowSteps;
      int begin = slice * targets.rows();
      int end = begin + neededCount[slice];
      alongRows.clear();
      int ahead = begin;
      for (int i = first[slice]; i < first[slice + 1]; i++) {
        while (ahead < end && lines[needed[ahead]] < filled[i] - rowsAway) {
          ahead++;
        }
        if (ahead == end) {
          break;
        }
        if (lines[needed[ahead]] <= filled[i] + rowsAway) {
          double columns = nearest.distance(i);
          if (columns <= columnsAway) {
            alongRows.add(filled[i], heightUnit * columns * columns);
          }
        }
      }
      boolean empty = alongRows.isEmpty();
      int k = 0;
      for (int i = begin; i < end; i++) {
        int line = needed[i];
        double value = Double.POSITIVE_INFINITY;
        if (!empty) {
          k = alongRows.lowest(lines[line], k);
          value = unit * alongRows.height(k, lines[line]);
        }
        inPlane[line * targets.slices() + slice] = value;
      }
    }

    private double acrossSlices(int[] places, int slicesAway, double[] distances) {
      int slices = targets.slices();
      double unit = spacing.slice() * spacing.slice();
      double furthest = 0;
      for (int line = 0; line < count; line++) {
        if (crowded(line, slicesAway)) {
          enveloped(line, places, distances);
        } else {
          for (int at = starts[line]; at < starts[line + 1]; at++) {
            distances[at] = lookedUp(line * slices, places[at] % slices, slicesAway);
          }
        }
        for (int at = starts[line]; at < starts[line + 1]; at++) {
          distances[at] *= unit;
          furthest = Math.max(furthest, distances[at]);
        }
      }
      return Math.sqrt(furthest);
    }

    /** Looks at the slices around one; pays where a line holds few places. */
    private double lookedUp(int line, int slice, int slicesAway) {
      double best = inPlane[line + slice];
      for (int step = 1; step <= slicesAway; step++) {
        double squared = (double) step * step;
        if (squared >= best) {
          break;
        }
        if (slice >= step) {
          best = Math.min(best, inPlane[line + slice - step] + squared);
        }
        if (slice + step < targets.slices()) {
          best = Math.min(best, inPlane[line + slice + step] + squared);
        }
      }
      return best;
    }

    private void enveloped(int line, int[] places, double[] distances) {
      alongSlices.clear();
      for (int slice = 0; slice < targets.slices(); slice++) {
        double height = inPlane[line * targets.slices() + slice];
        if (height < Double.POSITIVE_INFINITY) {
          alongSlices.add(slice, height);
        }
      }
      int k = 0;
      for (int at = starts[line]; at < starts[line + 1]; at++) {
        distances[at] = Double.POSITIVE_INFINITY;
        if (!alongSlices.isEmpty()) {
          int slice = places[at] % targets.slices();
          k = alongSlices.lowest(slice, k);
          distances[at] = alongSlices.height(k, slice);
        }
      }
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
