package io.medvol.model.sam2;

import io.medvol.model.tensor.Ops;
import io.medvol.model.tensor.Tensors;

/** Which of the decoder's four masks is taken. */
enum MaskChoice {
  /** The one for unambiguous prompts. */
  SINGLE,
  /** {@link #SINGLE} where its area hardly depends on the threshold, else {@link #BEST}. */
  STEADIED,
  /** Of the three others the one with the largest predicted overlap. */
  BEST;

  private static final float STABILITY_DELTA = 0.05f;
  private static final float STABILITY_LIMIT = 0.98f;

  /** Indices into all masks of all tracks in a row, one for each track. */
  long[] choose(MaskDecoder.Decoded decoded, Ops ops) {
    float[] ious = Tensors.floats(decoded.ious());
    int tracks = ious.length / MaskDecoder.MASKS;
    boolean[] single =
        switch (this) {
          case SINGLE -> null;
          case STEADIED -> stable(decoded, tracks, ops);
          case BEST -> new boolean[tracks];
        };
    long[] chosen = new long[tracks];
    for (int track = 0; track < tracks; track++) {
      int first = MaskDecoder.MASKS * track;
      chosen[track] = single == null || single[track] ? first : best(ious, first);
    }
    return chosen;
  }

  private static long best(float[] ious, int first) {
    int best = first + 1;
    for (int i = first + 2; i < first + MaskDecoder.MASKS; i++) {
      if (ious[i] > ious[best]) {
        best = i;
      }
    }
    return best;
  }

  private static boolean[] stable(MaskDecoder.Decoded decoded, int tracks, Ops ops) {
    boolean[] stable = new boolean[tracks];
    float[] logits = Tensors.floats(ops.contiguous(ops.narrow(decoded.masks(), 1, 0, 1)));
    int pixels = logits.length / tracks;
    for (int track = 0; track < tracks; track++) {
      int inside = 0;
      int nearly = 0;
      for (int i = track * pixels; i < (track + 1) * pixels; i++) {
        inside += logits[i] > STABILITY_DELTA ? 1 : 0;
        nearly += logits[i] > -STABILITY_DELTA ? 1 : 0;
      }
      stable[track] = nearly == 0 || (float) inside / nearly >= STABILITY_LIMIT;
    }
    return stable;
  }
}
