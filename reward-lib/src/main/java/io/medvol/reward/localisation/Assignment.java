package io.medvol.reward.localisation;

import java.util.Arrays;

/**
 * The one-to-one assignment of largest total, by the Hungarian method with shortest augmenting
 * paths: exact, in {@code O(min(n, m)² · max(n, m))}.
 */
final class Assignment {
  private Assignment() {}

  /**
   * The largest sum of values such that no row and no column is used twice; 0 for an empty matrix.
   *
   * @param values {@code [row][column]}, finite and not negative
   */
  static double largestSum(double[][] values) {
    if (values.length == 0 || values[0].length == 0) {
      return 0;
    }
    double[][] wide = values.length <= values[0].length ? values : transposed(values);
    int[] rowOfColumn = assign(wide);
    double sum = 0;
    for (int column = 0; column < rowOfColumn.length; column++) {
      if (rowOfColumn[column] >= 0) {
        sum += wide[rowOfColumn[column]][column];
      }
    }
    return sum;
  }

  /** Row of each column, or -1; there are at least as many columns as rows. */
  private static int[] assign(double[][] values) {
    int columns = values[0].length;
    int start = columns; // a column of no value, from which each row sets out
    double[] rowPotential = new double[values.length];
    double[] columnPotential = new double[columns + 1];
    int[] rowOfColumn = new int[columns + 1];
    Arrays.fill(rowOfColumn, -1);
    for (int row = 0; row < values.length; row++) {
      rowOfColumn[start] = row;
      int[] previous = new int[columns];
      double[] slack = new double[columns];
      Arrays.fill(slack, Double.POSITIVE_INFINITY);
      boolean[] done = new boolean[columns + 1];
      int column = start;
      while (rowOfColumn[column] >= 0) {
        done[column] = true;
        int from = rowOfColumn[column];
        int next = -1;
        for (int c = 0; c < columns; c++) {
          if (done[c]) {
            continue;
          }
          double reduced = -values[from][c] - rowPotential[from] - columnPotential[c];
          if (reduced < slack[c]) {
            slack[c] = reduced;
            previous[c] = column;
          }
          if (next < 0 || slack[c] < slack[next]) {
            next = c;
          }
        }
        double step = slack[next];
        for (int c = 0; c <= columns; c++) {
          if (done[c]) {
            rowPotential[rowOfColumn[c]] += step;
            columnPotential[c] -= step;
          } else if (c < columns) {
            slack[c] -= step;
          }
        }
        column = next;
      }
      while (column != start) {
        rowOfColumn[column] = rowOfColumn[previous[column]];
        column = previous[column];
      }
    }
    return Arrays.copyOf(rowOfColumn, columns);
  }

  private static double[][] transposed(double[][] values) {
    double[][] result = new double[values[0].length][values.length];
    for (int row = 0; row < values.length; row++) {
      for (int column = 0; column < values[row].length; column++) {
        result[column][row] = values[row][column];
      }
    }
    return result;
  }
}
