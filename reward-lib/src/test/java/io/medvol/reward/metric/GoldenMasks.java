package io.medvol.reward.metric;

import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;
import io.medvol.testing.GoldenTensors;

/** Reads the reference masks, whose three axes become slice, row and column as they come. */
final class GoldenMasks {
  private GoldenMasks() {}

  static BinaryMask read(GoldenTensors tensors, String name) {
    long[] shape = tensors.shape(name);
    BinaryMask.Builder mask =
        BinaryMask.builder(new GridSize((int) shape[0], (int) shape[1], (int) shape[2]));
    int[] values = tensors.ints(name);
    for (int i = 0; i < values.length; i++) {
      if (values[i] != 0) {
        mask.setIndex(i);
      }
    }
    return mask.build();
  }
}
