package io.medvol.model.sam2;

/**
 * What was found on one slice of one track.
 *
 * @param logits of the mask, {@code [maskSide][maskSide]}, above 0 inside
 * @param objectScore above 0 where the object is there
 * @param pointer the object as seen here, as wide as the network
 * @param ious predicted overlaps of the masks that could be chosen
 */
record SliceDecision(int slice, float[] logits, float objectScore, float[] pointer, float[] ious) {}
