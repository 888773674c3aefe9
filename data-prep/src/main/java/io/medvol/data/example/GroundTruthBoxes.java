package io.medvol.data.example;

import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.PixelBox;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/** The boxes that a {@link BoxRule} draws around a target on one slice, in pixels. */
public final class GroundTruthBoxes {
  private GroundTruthBoxes() {}

  /**
   * In the order of the rule: largest component first; of equal ones the one whose first pixel in
   * scan order comes later.
   *
   * @return empty if the target is absent from the slice
   */
  public static List<PixelBox> of(BinaryMask mask, int slice, BoxRule rule) {
    GridSize size = mask.size();
    if (slice < 0 || slice >= size.slices()) {
      throw new IllegalArgumentException("Slice " + slice + " lies outside " + size);
    }
    BitSet pixels = new BitSet();
    int from = slice * size.pixelsPerSlice();
    int end = from + size.pixelsPerSlice();
    for (int i = mask.nextSet(from); i >= 0 && i < end; i = mask.nextSet(i + 1)) {
      pixels.set(i - from);
    }
    if (pixels.isEmpty()) {
      return List.of();
    }
    List<PixelBox> boxes =
        rule instanceof BoxRule.Components components
            ? largest(pixels, size, components)
            : List.of();
    return boxes.isEmpty() ? List.of(tight(pixels, size.columns())) : boxes;
  }

  private static List<PixelBox> largest(BitSet pixels, GridSize size, BoxRule.Components rule) {
    return components(pixels, size).stream()
        .filter(component -> component.pixels >= rule.minPixels())
        .sorted(
            Comparator.<Component>comparingInt(component -> component.pixels)
                .thenComparingInt(component -> component.first)
                .reversed())
        .limit(rule.maxBoxes())
        .map(Component::box)
        .toList();
  }

  private static PixelBox tight(BitSet pixels, int columns) {
    Component all = new Component(pixels.nextSetBit(0), columns);
    pixels.stream().forEach(all::add);
    return all.box();
  }

  /** 4-connected components, in scan order of their first pixels. */
  private static List<Component> components(BitSet pixels, GridSize size) {
    BitSet left = (BitSet) pixels.clone();
    List<Component> components = new ArrayList<>();
    int[] stack = new int[pixels.cardinality()];
    int columns = size.columns();
    for (int first = left.nextSetBit(0); first >= 0; first = left.nextSetBit(first)) {
      Component component = new Component(first, columns);
      int depth = 0;
      stack[depth++] = first;
      left.clear(first);
      while (depth > 0) {
        int pixel = stack[--depth];
        component.add(pixel);
        int column = pixel % columns;
        int[] neighbours = {
          column > 0 ? pixel - 1 : -1,
          column < columns - 1 ? pixel + 1 : -1,
          pixel - columns,
          pixel + columns
        };
        for (int neighbour : neighbours) {
          if (neighbour >= 0 && left.get(neighbour)) {
            left.clear(neighbour);
            stack[depth++] = neighbour;
          }
        }
      }
      components.add(component);
    }
    return components;
  }

  /** A growing set of pixels, of which only the count and the extent are kept. */
  private static final class Component {
    private final int first;
    private final int columns;
    private int pixels;
    private int x1 = Integer.MAX_VALUE;
    private int y1 = Integer.MAX_VALUE;
    private int x2 = -1;
    private int y2 = -1;

    Component(int first, int columns) {
      this.first = first;
      this.columns = columns;
    }

    void add(int pixel) {
      pixels++;
      x1 = Math.min(x1, pixel % columns);
      x2 = Math.max(x2, pixel % columns);
      y1 = Math.min(y1, pixel / columns);
      y2 = Math.max(y2, pixel / columns);
    }

    PixelBox box() {
      return new PixelBox(x1, y1, x2, y2);
    }
  }
}
