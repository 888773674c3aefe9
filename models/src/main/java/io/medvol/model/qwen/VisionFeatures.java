package io.medvol.model.qwen;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * What the decoder sees of the pictures.
 *
 * @param merged {@code [image token][hidden]}, in place of the token embeddings
 * @param deepstack the same shape; the n-th is added to the output of decoder layer n
 */
record VisionFeatures(NDArray merged, List<NDArray> deepstack) {
  VisionFeatures {
    deepstack = List.copyOf(deepstack);
  }
}
