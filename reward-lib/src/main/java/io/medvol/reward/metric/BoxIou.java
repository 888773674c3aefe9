package io.medvol.reward.metric;

import io.medvol.data.volume.PixelBox;
import io.medvol.reward.propagation.EdgeBox;

/** Intersection over union of boxes. */
public final class BoxIou {
  private BoxIou() {}

  /** Of boxes with continuous edges. */
  public static double of(EdgeBox a, EdgeBox b) {
    return ofEdges(a.x1(), a.y1(), a.x2(), a.y2(), b.x1(), b.y1(), b.x2(), b.y2());
  }

  /** Of boxes whose last pixel is inside. */
  public static double of(PixelBox a, PixelBox b) {
    return ofEdges(a.x1(), a.y1(), a.x2() + 1, a.y2() + 1, b.x1(), b.y1(), b.x2() + 1, b.y2() + 1);
  }

  /** Of any edges: an inverted or flat box has no area, and an empty union gives 0. */
  static double ofEdges(
      double ax1,
      double ay1,
      double ax2,
      double ay2,
      double bx1,
      double by1,
      double bx2,
      double by2) {
    double shared =
        area(Math.max(ax1, bx1), Math.max(ay1, by1), Math.min(ax2, bx2), Math.min(ay2, by2));
    double union = area(ax1, ay1, ax2, ay2) + area(bx1, by1, bx2, by2) - shared;
    return union > 0 ? shared / union : 0;
  }

  private static double area(double x1, double y1, double x2, double y2) {
    return Math.max(0, x2 - x1) * Math.max(0, y2 - y1);
  }
}
