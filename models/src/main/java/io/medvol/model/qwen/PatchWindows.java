package io.medvol.model.qwen;

import io.medvol.model.policy.ImageGrid;
import java.util.ArrayList;
import java.util.List;

/**
 * The patches of some pictures in the order in which windowed attention wants them: window by
 * window, frame by frame. Where a tower has no windows the order is the patches' own.
 */
final class PatchWindows {
  private final int[] order;
  private final long[] runs;
  private final PatchGrid patches;

  private PatchWindows(int[] order, long[] runs, PatchGrid patches) {
    this.order = order;
    this.runs = runs;
    this.patches = patches;
  }

  static PatchWindows of(PatchGrid patches, QwenConfig.Vision config) {
    int unit = config.mergeUnit();
    if (!config.windows().any()) {
      int[] identity = new int[patches.count() / unit];
      for (int i = 0; i < identity.length; i++) {
        identity[i] = i;
      }
      return new PatchWindows(identity, patches.attentionRuns(), patches);
    }
    int side = config.windows().side();
    int[] order = new int[patches.count() / unit];
    List<Long> lengths = new ArrayList<>();
    int at = 0;
    int frameStart = 0;
    for (ImageGrid grid : patches.grids()) {
      int rows = grid.rows() / config.mergeSize();
      int columns = grid.columns() / config.mergeSize();
      for (int frame = 0; frame < grid.frames(); frame++) {
        for (int top = 0; top < rows; top += side) {
          for (int left = 0; left < columns; left += side) {
            int start = at;
            for (int y = top; y < Math.min(top + side, rows); y++) {
              for (int x = left; x < Math.min(left + side, columns); x++) {
                order[at++] = frameStart + y * columns + x;
              }
            }
            lengths.add((long) (at - start) * unit);
          }
        }
        frameStart += rows * columns;
      }
    }
    return new PatchWindows(order, PatchGrid.runs(lengths), patches.reordered(order, unit));
  }

  /** Merged patches in this order, by their place in the patches' own. */
  int[] order() {
    return order.clone();
  }

  /** Where each merged patch stands in this order. */
  int[] inverse() {
    int[] inverse = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      inverse[order[i]] = i;
    }
    return inverse;
  }

  /**
   * Runs of windows with equally many patches: number of windows, patches in each, and so on; a
   * window is a whole frame where the tower has none.
   */
  long[] attentionRuns() {
    return runs.clone();
  }

  /** The patches in this order. */
  PatchGrid patches() {
    return patches;
  }
}
