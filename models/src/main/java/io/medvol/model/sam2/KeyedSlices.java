package io.medvol.model.sam2;

import io.medvol.data.storage.Sha256;

/**
 * The slices of a volume as the network sees them, each named by its content, so that equal slices
 * share their features wherever they come from. Not for several threads at once.
 */
final class KeyedSlices {
  private final SliceImages images;
  private final int side;
  private final String[] keys;
  private int last = -1;
  private byte[] lastGrey;

  /**
   * @param side of the network's input
   */
  KeyedSlices(SliceImages images, int side) {
    this.images = images;
    this.side = side;
    this.keys = new String[images.slices()];
  }

  /** Grey values of a slice; those asked for last are at hand. */
  byte[] grey(int slice) {
    if (last != slice) {
      lastGrey = images.resized(slice, side);
      last = slice;
    }
    return lastGrey;
  }

  /** SHA-256 of the grey values, 64 hexadecimal digits. */
  String key(int slice) {
    if (keys[slice] == null) {
      keys[slice] = Sha256.of(grey(slice));
    }
    return keys[slice];
  }
}
