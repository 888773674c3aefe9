package io.medvol.reward.localisation;

import io.medvol.data.volume.PixelBox;
import io.medvol.reward.propagation.EdgeBox;
import io.medvol.reward.response.CoordinateScale;
import io.medvol.reward.response.WrittenBox;

/**
 * The one convention of the strict mode: pixel column {@code x} covers {@code [x, x+1)}, and the
 * scale of an answer maps to 0..size linearly, without rounding.
 */
public final class BoxCoordinates {
  private BoxCoordinates() {}

  /** Where a box the policy wrote lies on slices of that size. */
  public static EdgeBox toEdges(WrittenBox box, CoordinateScale scale, int columns, int rows) {
    return new EdgeBox(
        toEdge(box.x1(), scale.width(), columns),
        toEdge(box.y1(), scale.height(), rows),
        toEdge(box.x2(), scale.width(), columns),
        toEdge(box.y2(), scale.height(), rows));
  }

  /** The edges of a box whose last pixel is inside. */
  public static EdgeBox toEdges(PixelBox box) {
    return new EdgeBox(box.x1(), box.y1(), box.x2() + 1, box.y2() + 1);
  }

  /**
   * What the policy should write for a box: {@code floor(scale·edge/size + 1/2)}. On slices of more
   * pixels than the scale has units, a box too small for it becomes one unit wide.
   */
  public static WrittenBox encode(PixelBox box, CoordinateScale scale, int columns, int rows) {
    int x1 = encodeEdge(box.x1(), scale.width(), columns);
    int y1 = encodeEdge(box.y1(), scale.height(), rows);
    int x2 = encodeEdge(box.x2() + 1, scale.width(), columns);
    int y2 = encodeEdge(box.y2() + 1, scale.height(), rows);
    return new WrittenBox(
        x1 < x2 || x1 == 0 ? x1 : x2 - 1,
        y1 < y2 || y1 == 0 ? y1 : y2 - 1,
        Math.max(x2, 1),
        Math.max(y2, 1));
  }

  private static double toEdge(int value, int scale, int size) {
    return (double) value * size / scale;
  }

  private static int encodeEdge(int edge, int scale, int size) {
    return (int) ((2L * scale * edge + size) / (2L * size));
  }
}
