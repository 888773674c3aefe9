package io.medvol.model.qwen;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.model.policy.ImageGrid;
import java.util.Arrays;
import java.util.List;

/**
 * The position of each token on three axes (temporal, height, width). Text advances all by one; a
 * picture at position p spreads over p + time, p + row, p + column of its merged patches, and the
 * next token stands behind its largest position. The time of a still's frame is its number; that of
 * a video's frame, where the model counts seconds, is {@code floor(frame * seconds per frame *
 * tokens per second)}. Padding has position 0. Immutable.
 *
 * <p>Libraries disagree about videos; this is the rule of the models' authors.
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
  static RopePositions of(int[] ids, List<ImageGrid> grids, QwenConfig config) {
    boolean[] real = new boolean[ids.length];
    Arrays.fill(real, true);
    return of(ids, real, grids, config);
  }

  /**
   * Positions of a sequence.
   *
   * @param real false for padding, on either side
   * @param grids one for each image or video, in patches
   * @throws MedVolException INVALID_INPUT if the picture tokens are not those of the grids
   */
  static RopePositions of(int[] ids, boolean[] real, List<ImageGrid> grids, QwenConfig config) {
    int[][] positions = new int[AXES][ids.length];
    int mergeSize = config.vision().mergeSize();
    int next = 0;
    int tokens = 0;
    int picture = 0;
    int inside = 0;
    int start = 0;
    int kind = 0;
    for (int i = 0; i < ids.length; i++) {
      if (!real[i]) {
        continue;
      }
      tokens++;
      if (ids[i] != config.tokens().image() && ids[i] != config.tokens().video()) {
        requireComplete(inside == 0);
        for (int[] axis : positions) {
          axis[i] = next;
        }
        next++;
        continue;
      }
      requireComplete(picture < grids.size() && (inside == 0 || ids[i] == kind));
      ImageGrid grid = grids.get(picture);
      int rows = grid.rows() / mergeSize;
      int columns = grid.columns() / mergeSize;
      if (inside == 0) {
        start = next;
        kind = ids[i];
      }
      boolean video = kind == config.tokens().video();
      positions[0][i] =
          Math.addExact(start, time(inside / (rows * columns), grid, video, config.vision()));
      positions[1][i] = start + inside / columns % rows;
      positions[2][i] = start + inside % columns;
      inside++;
      if (inside == grid.frames() * rows * columns) {
        // Time never runs backwards, so that the last token has the largest position on each axis.
        next = 1 + Math.max(positions[0][i], Math.max(positions[1][i], positions[2][i]));
        picture++;
        inside = 0;
      }
    }
    requireComplete(inside == 0 && picture == grids.size());
    return new RopePositions(positions, next, tokens);
  }

  private static int time(int frame, ImageGrid grid, boolean video, QwenConfig.Vision vision) {
    if (!video || vision.tokensPerSecond().isEmpty()) {
      return frame;
    }
    double time = frame * grid.secondsPerFrame() * vision.tokensPerSecond().getAsDouble();
    if (time > Integer.MAX_VALUE / 2) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "Frame " + frame + " of a video stands at " + time + ": expected shorter frames");
    }
    return (int) Math.floor(time);
  }

  private static void requireComplete(boolean complete) {
    if (!complete) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "The image tokens of the prompt are not those of its images: expected one run of"
              + " frames x rows x columns / merge^2 for each image or video");
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
