package io.medvol.model.sam2;

import ai.djl.ndarray.NDArray;

/**
 * What the image encoder makes of slices, {@code [slice][channel][row][column]}.
 *
 * @param finest at a quarter of the input's side, an eighth of the width in channels
 * @param fine at an eighth of the input's side, a quarter of the width in channels
 * @param top at a sixteenth of the input's side, the full width
 */
record SliceFeatures(NDArray finest, NDArray fine, NDArray top) {}
