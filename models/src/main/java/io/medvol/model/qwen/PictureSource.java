package io.medvol.model.qwen;

import io.medvol.model.tensor.TensorScope;

/** Where the features of a prompt's pictures come from. */
interface PictureSource {
  /** Features, valid at least as long as the scope and until the next call. */
  VisionFeatures of(TensorScope scope, Prompt prompt);
}
