package io.medvol.model.sam2;

import ai.djl.ndarray.NDArray;
import io.medvol.model.tensor.DType;
import io.medvol.model.tensor.Ops;
import java.util.List;

/**
 * All that is computed of slices alone and so serves every track that visits them.
 *
 * @param begun what {@link MemoryAttention#begin} makes of the top features, {@code
 *     [slice][place][width]}
 */
record SliceView(SliceFeatures features, NDArray begun) {
  /** The tensors, the finest first. */
  List<NDArray> tensors() {
    return List.of(features.finest(), features.fine(), features.top(), begun);
  }

  /** Native memory the views of one slice take. */
  static long bytes(Sam2Config config, DType type) {
    long size = 0;
    for (long[] shape : shapes(config)) {
      long elements = 1;
      for (long length : shape) {
        elements *= length;
      }
      size += elements;
    }
    return size * type.bytes();
  }

  static SliceView of(List<NDArray> tensors) {
    return new SliceView(
        new SliceFeatures(tensors.get(0), tensors.get(1), tensors.get(2)), tensors.get(3));
  }

  /** Sizes of {@link #tensors} for one slice. */
  static List<long[]> shapes(Sam2Config config) {
    long grid = config.grid();
    long width = config.width();
    return List.of(
        new long[] {1, width / 8, 4 * grid, 4 * grid},
        new long[] {1, width / 4, 2 * grid, 2 * grid},
        new long[] {1, width, grid, grid},
        new long[] {1, grid * grid, width});
  }

  /** Views of several slices as one. */
  static SliceView together(List<SliceView> slices, Ops ops) {
    if (slices.size() == 1) {
      return slices.get(0);
    }
    return new SliceView(
        new SliceFeatures(
            ops.cat(slices.stream().map(slice -> slice.features().finest()).toList(), 0),
            ops.cat(slices.stream().map(slice -> slice.features().fine()).toList(), 0),
            ops.cat(slices.stream().map(slice -> slice.features().top()).toList(), 0)),
        ops.cat(slices.stream().map(SliceView::begun).toList(), 0));
  }
}
