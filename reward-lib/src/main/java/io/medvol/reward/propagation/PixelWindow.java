package io.medvol.reward.propagation;

import io.medvol.data.volume.CtVolume;
import io.medvol.data.volume.GridSize;
import java.util.Arrays;

/**
 * A rectangle of pixels, the same on every slice, on which sets of pixels are {@code boolean[]} in
 * row-major order.
 */
record PixelWindow(int x0, int y0, int columns, int rows) {
  /** The pixels whose centres lie in a box, at least one, cut at the edges of the slice. */
  static PixelWindow of(EdgeBox box, GridSize size) {
    int x0 = clamp(box.x1(), size.columns());
    int y0 = clamp(box.y1(), size.rows());
    int x1 = Math.max(x0, clamp(box.x2() - 1, size.columns()));
    int y1 = Math.max(y0, clamp(box.y2() - 1, size.rows()));
    return new PixelWindow(x0, y0, x1 - x0 + 1, y1 - y0 + 1);
  }

  /** First pixel whose centre is at or after an edge. */
  private static int clamp(double edge, int size) {
    return (int) Math.max(0, Math.min(size - 1, Math.ceil(edge - 0.5)));
  }

  /** With a margin on every side, cut at the edges of the slice. */
  PixelWindow grown(double share, GridSize size) {
    int dx = (int) Math.ceil(share * columns);
    int dy = (int) Math.ceil(share * rows);
    int left = Math.max(0, x0 - dx);
    int top = Math.max(0, y0 - dy);
    int right = Math.min(size.columns(), x0 + columns + dx);
    int bottom = Math.min(size.rows(), y0 + rows + dy);
    return new PixelWindow(left, top, right - left, bottom - top);
  }

  int pixels() {
    return columns * rows;
  }

  /** Intensities in HU, each the mean of the 3 by 3 pixels around it that the slice has. */
  int[] smoothed(CtVolume volume, int slice) {
    int width = volume.size().columns();
    int height = volume.size().rows();
    short[] hu = volume.slice(slice);
    int[] columnSums = new int[width];
    int[] result = new int[pixels()];
    for (int y = 0; y < rows; y++) {
      int top = Math.max(0, y0 + y - 1);
      int bottom = Math.min(height - 1, y0 + y + 1);
      int left = Math.max(0, x0 - 1);
      int right = Math.min(width - 1, x0 + columns);
      Arrays.fill(columnSums, left, right + 1, 0);
      for (int r = top; r <= bottom; r++) {
        for (int c = left; c <= right; c++) {
          columnSums[c] += hu[r * width + c];
        }
      }
      for (int x = 0; x < columns; x++) {
        int from = Math.max(0, x0 + x - 1);
        int to = Math.min(width - 1, x0 + x + 1);
        int sum = 0;
        for (int c = from; c <= to; c++) {
          sum += columnSums[c];
        }
        int count = (to - from + 1) * (bottom - top + 1);
        result[y * columns + x] = Math.round((float) sum / count);
      }
    }
    return result;
  }

  /** Where in another window, which contains this one, one of its pixels lies. */
  int indexIn(PixelWindow outer, int pixel) {
    int x = x0 + pixel % columns - outer.x0;
    int y = y0 + pixel / columns - outer.y0;
    return y * outer.columns + x;
  }

  /** Whether a pixel lies in the ellipse inscribed into the window. */
  boolean inEllipse(int pixel) {
    double x = (pixel % columns + 0.5) / columns * 2 - 1;
    double y = (pixel / columns + 0.5) / rows * 2 - 1;
    return x * x + y * y <= 1;
  }

  /** All pixels at most that many columns and rows away from a set. */
  boolean[] dilated(boolean[] set, int distance) {
    boolean[] wide = new boolean[pixels()];
    for (int y = 0; y < rows; y++) {
      for (int x = 0; x < columns; x++) {
        if (set[y * columns + x]) {
          int from = Math.max(0, x - distance);
          int to = Math.min(columns - 1, x + distance);
          Arrays.fill(wide, y * columns + from, y * columns + to + 1, true);
        }
      }
    }
    boolean[] result = new boolean[pixels()];
    for (int y = 0; y < rows; y++) {
      for (int other = Math.max(0, y - distance);
          other <= Math.min(rows - 1, y + distance);
          other++) {
        for (int x = 0; x < columns; x++) {
          result[y * columns + x] |= wide[other * columns + x];
        }
      }
    }
    return result;
  }

  /** The pixels of a set that 4-connected paths inside it join to the seeds. */
  boolean[] connectedTo(boolean[] seeds, boolean[] set) {
    boolean[] reached = new boolean[pixels()];
    int[] stack = new int[pixels()];
    for (int i = 0; i < pixels(); i++) {
      if (seeds[i] && set[i] && !reached[i]) {
        flood(i, set, reached, stack);
      }
    }
    return reached;
  }

  /** Marks what is 4-connected to a pixel inside a set, and counts it. */
  private int flood(int start, boolean[] set, boolean[] reached, int[] stack) {
    int count = 0;
    int depth = 0;
    reached[start] = true;
    stack[depth++] = start;
    while (depth > 0) {
      int at = stack[--depth];
      int x = at % columns;
      int y = at / columns;
      count++;
      for (int side = 0; side < 4; side++) {
        int nx = x + (side == 0 ? -1 : side == 1 ? 1 : 0);
        int ny = y + (side == 2 ? -1 : side == 3 ? 1 : 0);
        if (nx < 0 || ny < 0 || nx >= columns || ny >= rows) {
          continue;
        }
        int next = ny * columns + nx;
        if (set[next] && !reached[next]) {
          reached[next] = true;
          stack[depth++] = next;
        }
      }
    }
    return count;
  }

  /** The set with the holes that it closes off from the edge of the window. */
  boolean[] filled(boolean[] set) {
    boolean[] outside = new boolean[pixels()];
    boolean[] edge = new boolean[pixels()];
    for (int i = 0; i < pixels(); i++) {
      int x = i % columns;
      int y = i / columns;
      outside[i] = !set[i];
      edge[i] = x == 0 || y == 0 || x == columns - 1 || y == rows - 1;
    }
    boolean[] open = connectedTo(edge, outside);
    boolean[] result = new boolean[pixels()];
    for (int i = 0; i < pixels(); i++) {
      result[i] = !open[i];
    }
    return result;
  }

  /** The largest 4-connected part of a set; of equal ones the first in row-major order. */
  boolean[] largestPart(boolean[] set) {
    boolean[] reached = new boolean[pixels()];
    int[] stack = new int[pixels()];
    int most = 0;
    boolean[] start = new boolean[pixels()];
    int startAt = 0;
    for (int i = 0; i < pixels(); i++) {
      if (set[i] && !reached[i]) {
        int count = flood(i, set, reached, stack);
        if (count > most) {
          most = count;
          startAt = i;
        }
      }
    }
    start[startAt] = true;
    return connectedTo(start, set);
  }

  static int count(boolean[] set) {
    int count = 0;
    for (boolean member : set) {
      count += member ? 1 : 0;
    }
    return count;
  }
}
