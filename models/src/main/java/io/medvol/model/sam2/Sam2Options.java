package io.medvol.model.sam2;

import java.io.Serializable;

/**
 * How masks are made beyond the network itself.
 *
 * @param postprocessing whether prompted masks are steadied as the official predictor does
 * @param fillHoleArea holes of at most this many low-resolution pixels are filled; 0 leaves them
 * @param stopAfterEmpty a direction ends after this many slices without the object; 0 never
 * @param tracksAtOnce tracks that advance as one batch
 * @param cacheBytes native memory that features of slices may take
 */
public record Sam2Options(
    Postprocessing postprocessing,
    int fillHoleArea,
    int stopAfterEmpty,
    int tracksAtOnce,
    long cacheBytes)
    implements Serializable {

  /** What happens to the mask of a prompted slice. */
  public enum Postprocessing {
    /**
     * An unstable single mask gives way to the best of three, and the memory of the prompted slice
     * sees a mask of zeros and ones.
     */
    OFFICIAL,
    NONE
  }

  /** MedSAM2's script on a machine without the hole-filling extension. */
  public static final Sam2Options MEDSAM2 =
      new Sam2Options(Postprocessing.OFFICIAL, 0, 0, 16, 1L << 29);

  public Sam2Options {
    if (fillHoleArea < 0 || stopAfterEmpty < 0 || tracksAtOnce < 1 || cacheBytes < 0) {
      throw new IllegalArgumentException(
          "Areas, counts and sizes cannot be negative, and a track must run at once: "
              + fillHoleArea
              + ", "
              + stopAfterEmpty
              + ", "
              + tracksAtOnce
              + ", "
              + cacheBytes);
    }
  }
}
