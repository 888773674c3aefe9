package io.medvol.model.qwen;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.model.policy.ImageGrid;
import java.util.Arrays;
import java.util.List;

/**
 * The position of each token on three axes (temporal, height, width). Text advances all by one; an
 * image at position p spreads over p + frame, p + row, p + column of its merged patches, and the
 * next token stands behind the longest side. Padding has position 0. Immutable.
 */
final class RopePositions {
  static final int AXES = 3;

  private final int[][] positions;
  private final int next;
  private final int tokens;

  private RopePositions(int[][] positions, int next, int tokens) {
    this.positions = positions;
    this.next = next;
    this.tokens = tokens;
  }

  /** Positions of a sequence without padding. */
  static RopePositions of(int[] ids, List<ImageGrid> grids, int imageToken, int mergeSize) {
    boolean[] real = new boolean[ids.length];
    Arrays.fill(real, true);
    return of(ids, real, grids, imageToken, mergeSize);
  }

  /**
   * Positions of a sequence.
   *
   * @param real false for padding, on either side
   * @param grids one for each image, in patches
   * @throws MedVolException INVALID_INPUT if the image tokens are not those of the grids
   */
  static RopePositions of(
      int[] ids, boolean[] real, List<ImageGrid> grids, int imageToken, int mergeSize) {
    int[][] positions = new int[AXES][ids.length];
    int next = 0;
    int tokens = 0;
    int image = 0;
    int inside = 0;
    int start = 0;
    for (int i = 0; i < ids.length; i++) {
      if (!real[i]) {
        continue;
      }
      tokens++;
      if (ids[i] != imageToken) {
        requireComplete(inside == 0);
        for (int[] axis : positions) {
          axis[i] = next;
        }
        next++;
        continue;
      }
      requireComplete(image < grids.size());
      ImageGrid grid = grids.get(image);
      int rows = grid.rows() / mergeSize;
      int columns = grid.columns() / mergeSize;
      if (inside == 0) {
        start = next;
      }
      positions[0][i] = start + inside / (rows * columns);
      positions[1][i] = start + inside / columns % rows;
      positions[2][i] = start + inside % columns;
      inside++;
      if (inside == grid.frames() * rows * columns) {
        next = start + Math.max(grid.frames(), Math.max(rows, columns));
        image++;
        inside = 0;
      }
    }
    requireComplete(inside == 0 && image == grids.size());
    return new RopePositions(positions, next, tokens);
  }

  private static void requireComplete(boolean complete) {
    if (!complete) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "The image tokens of the prompt are not those of its images: expected one run of"
              + " rows x columns / merge^2 for each image");
    }
  }

  int at(int axis, int token) {
    return positions[axis][token];
  }

  int length() {
    return positions[0].length;
  }

  /** Where the token behind the sequence stands, on every axis. */
  int next() {
    return next;
  }

  /** How far {@link #next} is from the number of tokens. */
  int delta() {
    return next - tokens;
  }
}
