package io.medvol.reward.localisation;

import io.medvol.data.volume.PixelBox;
import io.medvol.reward.propagation.EdgeBox;
import io.medvol.reward.response.NormalisedBox;

/**
 * The one convention of the strict mode: pixel column {@code x} covers {@code [x, x+1)}, and
 * 0..1000 maps to 0..size linearly, without rounding.
 */
public final class BoxCoordinates {
  private BoxCoordinates() {}

  /** Where a box the policy wrote lies on slices of that size. */
  public static EdgeBox toEdges(NormalisedBox box, int columns, int rows) {
    return new EdgeBox(
        toEdge(box.x1(), columns),
        toEdge(box.y1(), rows),
        toEdge(box.x2(), columns),
        toEdge(box.y2(), rows));
  }

  /** The edges of a box whose last pixel is inside. */
  public static EdgeBox toEdges(PixelBox box) {
    return new EdgeBox(box.x1(), box.y1(), box.x2() + 1, box.y2() + 1);
  }

  /**
   * What the policy should write for a box: {@code floor(1000·edge/size + 1/2)}. On slices of more
   * than 1000 pixels a box too small for the scale becomes one unit wide.
   */
  public static NormalisedBox encode(PixelBox box, int columns, int rows) {
    int x1 = encodeEdge(box.x1(), columns);
    int y1 = encodeEdge(box.y1(), rows);
    int x2 = encodeEdge(box.x2() + 1, columns);
    int y2 = encodeEdge(box.y2() + 1, rows);
    return new NormalisedBox(
        x1 < x2 || x1 == 0 ? x1 : x2 - 1,
        y1 < y2 || y1 == 0 ? y1 : y2 - 1,
        Math.max(x2, 1),
        Math.max(y2, 1));
  }

  private static double toEdge(int value, int size) {
    return (double) value * size / NormalisedBox.SCALE;
  }

  private static int encodeEdge(int edge, int size) {
    return (int) ((2L * NormalisedBox.SCALE * edge + size) / (2L * size));
  }
}
