package io.medvol.model.sam2;

import java.util.Arrays;

/** Fills small holes in mask logits. */
final class Holes {
  private static final float FILLING = 0.1f;

  private Holes() {}

  /**
   * Regions of logits up to 0 that touch by sides or corners and have at most so many pixels get a
   * small positive logit.
   *
   * @param logits {@code [side][side]}, left alone
   * @return the filled logits
   */
  static float[] filled(float[] logits, int side, int area) {
    float[] filled = logits.clone();
    boolean[] seen = new boolean[logits.length];
    int[] region = new int[logits.length];
    for (int start = 0; start < logits.length; start++) {
      if (seen[start] || logits[start] > 0) {
        continue;
      }
      int size = region(logits, side, start, seen, region);
      if (size <= area) {
        Arrays.stream(region, 0, size).forEach(pixel -> filled[pixel] = FILLING);
      }
    }
    return filled;
  }

  private static int region(float[] logits, int side, int start, boolean[] seen, int[] region) {
    int size = 1;
    region[0] = start;
    seen[start] = true;
    for (int next = 0; next < size; next++) {
      int row = region[next] / side;
      int column = region[next] % side;
      for (int r = Math.max(0, row - 1); r <= Math.min(side - 1, row + 1); r++) {
        for (int c = Math.max(0, column - 1); c <= Math.min(side - 1, column + 1); c++) {
          int pixel = r * side + c;
          if (!seen[pixel] && !(logits[pixel] > 0)) {
            seen[pixel] = true;
            region[size++] = pixel;
          }
        }
      }
    }
    return size;
  }
}
