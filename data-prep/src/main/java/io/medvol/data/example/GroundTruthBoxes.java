package io.medvol.data.example;

import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.PixelBox;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Draws the boxes of a {@link BoxRule} around a target on one slice. */
public final class GroundTruthBoxes {
  /** A 4-connected component; {@code firstPixel} is its first in row-major order. */
  private record Component(int pixels, int firstPixel, PixelBox box) {}

  private GroundTruthBoxes() {}

  /**
   * The boxes on one slice; empty where the target is not on it. Components come largest first; of
   * equal ones the one whose first pixel comes later in row-major order.
   */
  public static List<PixelBox> of(BinaryMask target, int slice, BoxRule rule) {
    List<Component> components = components(target, slice);
    if (components.isEmpty()) {
      return List.of();
    }
    PixelBox whole = components.stream().map(Component::box).reduce(GroundTruthBoxes::around).get();
    if (!(rule instanceof BoxRule.Components limits)) {
      return List.of(whole);
    }
    List<PixelBox> boxes =
        components.stream()
            .filter(component -> component.pixels() >= limits.minPixels())
            .sorted(
                Comparator.comparingInt(Component::pixels)
                    .thenComparingInt(Component::firstPixel)
                    .reversed())
            .limit(limits.maxBoxes())
            .map(Component::box)
            .toList();
    return boxes.isEmpty() ? List.of(whole) : boxes;
  }

  private static List<Component> components(BinaryMask target, int slice) {
    GridSize size = target.size();
    int base = slice * size.pixelsPerSlice();
    int end = base + size.pixelsPerSlice();
    boolean[] seen = new boolean[size.pixelsPerSlice()];
    int[] stack = new int[size.pixelsPerSlice()];
    List<Component> found = new ArrayList<>();
    for (int at = target.nextSet(base); at >= 0 && at < end; at = target.nextSet(at + 1)) {
      if (!seen[at - base]) {
        found.add(fill(target, slice, at - base, seen, stack));
      }
    }
    return found;
  }

  private static Component fill(
      BinaryMask target, int slice, int firstPixel, boolean[] seen, int[] stack) {
    int rows = target.size().rows();
    int columns = target.size().columns();
    int x1 = columns;
    int y1 = rows;
    int x2 = 0;
    int y2 = 0;
    int pixels = 0;
    int depth = 0;
    seen[firstPixel] = true;
    stack[depth++] = firstPixel;
    while (depth > 0) {
      int pixel = stack[--depth];
      int row = pixel / columns;
      int column = pixel % columns;
      pixels++;
      x1 = Math.min(x1, column);
      y1 = Math.min(y1, row);
      x2 = Math.max(x2, column);
      y2 = Math.max(y2, row);
      for (int side = 0; side < 4; side++) {
        int r = row + (side == 0 ? -1 : side == 1 ? 1 : 0);
        int c = column + (side == 2 ? -1 : side == 3 ? 1 : 0);
        if (r < 0 || r >= rows || c < 0 || c >= columns || seen[r * columns + c]) {
          continue;
        }
        if (target.get(slice, r, c)) {
          seen[r * columns + c] = true;
          stack[depth++] = r * columns + c;
        }
      }
    }
    return new Component(pixels, firstPixel, new PixelBox(x1, y1, x2, y2));
  }

  private static PixelBox around(PixelBox a, PixelBox b) {
    return new PixelBox(
        Math.min(a.x1(), b.x1()),
        Math.min(a.y1(), b.y1()),
        Math.max(a.x2(), b.x2()),
        Math.max(a.y2(), b.y2()));
  }
}
