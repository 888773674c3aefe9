package io.medvol.model.sam2.train;

import java.util.List;

/**
 * An object over some neighbouring slices, prompted with a box on the first.
 *
 * @param slices the prompted one first, then in the direction of the track
 * @param box first column, first row, last column, last row, in pixels of the input
 * @param volumeSlices slices of the volume it is from, at least 2; spaces the object pointers
 * @param weight of the clip's mean loss in the sum
 */
public record Clip(List<Slice> slices, float[] box, int volumeSlices, double weight) {
  /**
   * One slice.
   *
   * @param grey the input, {@code [side][side]}, 0 to 1
   * @param target share of each pixel that the object covers, {@code [lossSide][lossSide]}, 0 to 1
   * @param visible whether the object is on the slice
   */
  public record Slice(float[] grey, float[] target, boolean visible) {}

  public Clip {
    slices = List.copyOf(slices);
    if (slices.isEmpty() || !slices.get(0).visible() || box.length != 4 || volumeSlices < 2) {
      throw new IllegalArgumentException(
          "A clip starts on a slice with its object, has a box of 4 edges, and a volume of 2"
              + " slices or more");
    }
  }
}
