package io.medvol.reward.propagation;

import io.medvol.data.volume.BinaryMask;

/** What became of one prompt. */
public sealed interface Propagation {
  /** The mask on the volume's grid, empty outside the wanted slices. */
  record Mask(BinaryMask mask) implements Propagation {}

  /** The propagator could not do it; the sentence says why. */
  record Failed(String reason) implements Propagation {}
}
