package io.medvol.reward.propagation;

import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.CtVolume;
import java.util.Arrays;

/** Grows the region of one box and walks it from slice to slice. Serves one prompt. */
final class BoxGrower {
  /** Half the width of the band of intensities, in robust standard deviations. */
  private static final double DEVIATIONS = 2.5;

  /** Half the width in HU that noise-free values get: about the noise of a smoothed CT. */
  private static final double SMALLEST_HALF_WIDTH = 15;

  /** How far, in pixels, an outline may move from one slice to the next. */
  private static final int STEP = 2;

  /** How far a structure may grow beyond its box on other slices, as a share of the box. */
  private static final double MARGIN = 0.25;

  /** A slice may hold so many times the area of the slice before it; more is a leak. */
  private static final double LARGEST_GROWTH = 1.6;

  /** Growth of so few pixels is no leak. */
  private static final int SMALL_AREA = 30;

  private final CtVolume volume;
  private final PixelWindow window;
  private final PixelWindow box;
  private final IntensityBand band;

  BoxGrower(CtVolume volume, int slice, EdgeBox edges) {
    this.volume = volume;
    this.box = PixelWindow.of(edges, volume.size());
    this.window = box.grown(MARGIN, volume.size());
    this.band = bandOf(box, box.smoothed(volume, slice));
  }

  /** Adds the voxels of the region on the slices {@code first..last} to a mask. */
  void grow(int slice, int first, int last, BinaryMask.Builder mask) {
    boolean[] start = seed(slice);
    add(start, slice, mask);
    walk(start, slice, 1, last, mask);
    walk(start, slice, -1, first, mask);
  }

  /** The part of the box that looks like its middle. */
  private boolean[] seed(int slice) {
    boolean[] similar = similar(slice);
    boolean[] inside = new boolean[window.pixels()];
    for (int pixel = 0; pixel < box.pixels(); pixel++) {
      int at = box.indexIn(window, pixel);
      inside[at] = similar[at];
    }
    return window.filled(window.largestPart(inside));
  }

  private void walk(boolean[] start, int slice, int direction, int end, BinaryMask.Builder mask) {
    boolean[] previous = start;
    int area = PixelWindow.count(start);
    for (int z = slice + direction; area > 0 && direction * (end - z) >= 0; z += direction) {
      boolean[] near = window.dilated(previous, STEP);
      boolean[] similar = similar(z);
      for (int i = 0; i < near.length; i++) {
        near[i] &= similar[i];
      }
      boolean[] next = window.filled(window.connectedTo(previous, near));
      int grown = PixelWindow.count(next);
      if (grown > LARGEST_GROWTH * area + SMALL_AREA) {
        return;
      }
      add(next, z, mask);
      previous = next;
      area = grown;
    }
  }

  private boolean[] similar(int slice) {
    int[] hu = window.smoothed(volume, slice);
    boolean[] similar = new boolean[hu.length];
    for (int i = 0; i < hu.length; i++) {
      similar[i] = band.contains(hu[i]);
    }
    return similar;
  }

  private void add(boolean[] set, int slice, BinaryMask.Builder mask) {
    for (int i = 0; i < set.length; i++) {
      if (set[i]) {
        mask.set(slice, window.y0() + i / window.columns(), window.x0() + i % window.columns());
      }
    }
  }

  /** Of the inscribed ellipse: a box tight around an organ has other tissue in its corners. */
  private static IntensityBand bandOf(PixelWindow box, int[] hu) {
    int[] values = new int[hu.length];
    int count = 0;
    for (int i = 0; i < hu.length; i++) {
      if (box.inEllipse(i)) {
        values[count++] = hu[i];
      }
    }
    return IntensityBand.of(Arrays.copyOf(values, count), DEVIATIONS, SMALLEST_HALF_WIDTH);
  }
}
