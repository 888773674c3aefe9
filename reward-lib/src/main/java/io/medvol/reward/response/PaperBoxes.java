package io.medvol.reward.response;

import io.medvol.data.volume.PixelBox;
import java.util.List;

/** The released code's conversions of boxes, which are not each other's inverse. */
public final class PaperBoxes {
  private static final int SCALE = 1000;

  private PaperBoxes() {}

  /** The box, a flat side widened by one pixel, though not beyond the last. */
  public static PixelBox widened(PixelBox box, int columns, int rows) {
    return widened(box.x1(), box.y1(), box.x2(), box.y2(), columns, rows);
  }

  static PixelBox widened(int x1, int y1, int x2, int y2, int columns, int rows) {
    return new PixelBox(
        x1,
        y1,
        x2 <= x1 ? Math.min(columns - 1, x1 + 1) : x2,
        y2 <= y1 ? Math.min(rows - 1, y1 + 1) : y2);
  }

  /**
   * The numbers {@code x1, y1, x2, y2} that supervised fine-tuning teaches for a box: {@code v /
   * size · 1000}, half to even, flat boxes widened before and after.
   */
  public static List<Integer> encode(PixelBox box, int columns, int rows) {
    PixelBox wide = widened(box, columns, rows);
    int x1 = scaled(wide.x1(), columns);
    int y1 = scaled(wide.y1(), rows);
    int x2 = scaled(wide.x2(), columns);
    int y2 = scaled(wide.y2(), rows);
    return List.of(
        x1, y1, x2 <= x1 ? Math.min(SCALE, x1 + 1) : x2, y2 <= y1 ? Math.min(SCALE, y1 + 1) : y2);
  }

  private static int scaled(int value, int size) {
    long rounded = (long) Math.rint(value / (double) size * SCALE);
    return (int) Math.max(0, Math.min(SCALE, rounded));
  }
}
