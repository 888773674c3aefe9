package io.medvol.reward.metric;

import java.util.Arrays;

/**
 * Those far voxels whose distance may have one of two neighbouring ranks. A distance differs by no
 * more than the way between two voxels, so that the exact distance of one place bounds those of all
 * voxels around it: most voxels need not be measured to know that they lie before the ranks or
 * behind them.
 *
 * @param places the voxels that are left, ascending
 * @param nearer far voxels that lie before the lower rank and were left out
 */
record FarCandidates(int[] places, int nearer) {
  /** Voxels of the cells that share a measured place, coarse cells first. */
  private static final int[] CELLS = {512, 32};

  /** Fewer voxels than this are measured sooner than bounded. */
  private static final int FEW = 4096;

  /** Of what was measured, far above the rounding of a distance. */
  private static final double ROUNDING = 1e-9;

  /**
   * Leaves out what it can.
   *
   * @param near distances that are known
   * @param far ascending places of the others
   * @param lowest the lower rank among all these, from 0
   * @param highest the upper rank, at least the lower one
   */
  static FarCandidates of(FarDistance distance, double[] near, int[] far, int lowest, int highest) {
    FarCandidates left = new FarCandidates(far, 0);
    for (int voxels : CELLS) {
      if (left.places.length < FEW) {
        break;
      }
      left = left.without(new DistanceBounds(distance, left.places, voxels), near, lowest, highest);
    }
    return left;
  }

  private FarCandidates without(DistanceBounds bounds, double[] near, int lowest, int highest) {
    double from = ranked(near, bounds.lower(), lowest - nearer) * (1 - ROUNDING);
    double to = ranked(near, bounds.upper(), highest - nearer) * (1 + ROUNDING);
    int[] kept = new int[places.length];
    int count = 0;
    int before = nearer;
    for (int i = 0; i < places.length; i++) {
      if (bounds.upper()[i] < from) {
        before++;
      } else if (bounds.lower()[i] <= to) {
        kept[count++] = places[i];
      }
    }
    return new FarCandidates(Arrays.copyOf(kept, count), before);
  }

  private static double ranked(double[] near, double[] bounds, int rank) {
    double[] all = Arrays.copyOf(near, near.length + bounds.length);
    System.arraycopy(bounds, 0, all, near.length, bounds.length);
    return Selection.of(all, rank);
  }
}
