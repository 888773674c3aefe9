package io.medvol.grpo.segment;

import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;
import io.medvol.reward.propagation.EdgeBox;

/** The yardstick: the ellipse that fills a box, the same on some slices. */
final class BoxEllipse {
  private BoxEllipse() {}

  static BinaryMask of(GridSize size, EdgeBox box, int firstSlice, int lastSlice) {
    double x = (box.x1() + box.x2()) / 2;
    double y = (box.y1() + box.y2()) / 2;
    double rx = (box.x2() - box.x1()) / 2;
    double ry = (box.y2() - box.y1()) / 2;
    BinaryMask.Builder mask = BinaryMask.builder(size);
    for (int row = 0; row < size.rows(); row++) {
      for (int column = 0; column < size.columns(); column++) {
        double a = (column + 0.5 - x) / rx;
        double b = (row + 0.5 - y) / ry;
        for (int slice = firstSlice; a * a + b * b <= 1 && slice <= lastSlice; slice++) {
          mask.set(slice, row, column);
        }
      }
    }
    return mask.build();
  }
}
