package io.medvol.reward.localisation;

/** Slices {@code first..last}, both inside. */
record SliceWindow(int first, int last) {
  /** The slices at most {@code radius} away from one, cut at the ends of the volume. */
  static SliceWindow around(int slice, int radius, int slices) {
    // A radius beyond the volume must not overflow.
    int reach = Math.min(radius, slices);
    return new SliceWindow(Math.max(0, slice - reach), Math.min(slices - 1, slice + reach));
  }
}
