package io.medvol.data.volume;

import java.util.Locale;
import java.util.Optional;

/**
 * The values of a scan, and what speaks against their being Hounsfield units: air is near -1000,
 * fat near -100, water 0, soft tissue up to 100, bone up to 2000, metal and padding beyond.
 * Cropped, clipped at -1000 or padded scans have values below 0 all the same.
 *
 * @param least smallest value, padding left out
 * @param most largest value
 * @param shiftedTissue share of the voxels within 200 of 1064, where soft tissue lies if the offset
 *     of -1024 is missing; between 0 and 1
 */
public record HounsfieldRange(int least, int most, double shiftedTissue) {
  /** Noise alone spreads a CT farther. */
  private static final int NARROW = 32;

  private static final int BYTE_MAX = 255;

  /** Scanners fill what they did not measure with values below this, such as -2000 and -3024. */
  private static final int LARGEST_PADDING = -1500;

  private static final int SHIFTED_TISSUE_LOW = 864;
  private static final int SHIFTED_TISSUE_HIGH = 1264;

  /** Bone and metal fill less of a scan; soft tissue fills more of one. */
  private static final double SHIFTED_TISSUE_SHARE = 0.05;

  /** Whether a doubt leaves room for another explanation. */
  public enum Certainty {
    /** The values are no Hounsfield units. */
    CERTAIN,
    /** A scan can be so, but few are. */
    POSSIBLE
  }

  /**
   * Something that speaks against Hounsfield units.
   *
   * @param sentence without the name of the file
   */
  public record Doubt(Certainty certainty, String sentence) {}

  public static HounsfieldRange of(CtVolume volume) {
    int padding = Integer.MAX_VALUE;
    int least = Integer.MAX_VALUE;
    int most = Integer.MIN_VALUE;
    long shifted = 0;
    for (int slice = 0; slice < volume.size().slices(); slice++) {
      for (short value : volume.slice(slice)) {
        padding = Math.min(padding, value);
        least = value > LARGEST_PADDING ? Math.min(least, value) : least;
        most = Math.max(most, value);
        shifted += value >= SHIFTED_TISSUE_LOW && value <= SHIFTED_TISSUE_HIGH ? 1 : 0;
      }
    }
    // Where everything would be padding, nothing is.
    least = least == Integer.MAX_VALUE ? padding : least;
    return new HounsfieldRange(least, most, (double) shifted / volume.size().voxels());
  }

  /** The strongest doubt, if there is one. */
  public Optional<Doubt> doubt() {
    if (most - least < NARROW) {
      return doubt(Certainty.CERTAIN, "they span fewer than 32 units, as normalised values do");
    }
    if (least >= 0 && most <= BYTE_MAX) {
      return doubt(Certainty.CERTAIN, "they look like grey levels of a window, 0 to 255");
    }
    if (least >= 0 && shiftedTissue >= SHIFTED_TISSUE_SHARE) {
      return doubt(
          Certainty.CERTAIN,
          "%.0f %% lie near 1064, as soft tissue does when the offset of -1024 was not added"
              .formatted(100 * shiftedTissue));
    }
    if (least >= 0) {
      return doubt(Certainty.POSSIBLE, "none is below 0, as air and fat are");
    }
    if (most < 0) {
      return doubt(Certainty.POSSIBLE, "none is above 0, as soft tissue is");
    }
    if (most == Short.MAX_VALUE) {
      return doubt(Certainty.POSSIBLE, "those above 32767 were cut to it");
    }
    return Optional.empty();
  }

  private Optional<Doubt> doubt(Certainty certainty, String reason) {
    return Optional.of(
        new Doubt(
            certainty,
            String.format(
                Locale.ROOT,
                "its values reach from %d to %d and %s Hounsfield units: %s. Expected are about"
                    + " -1000 for air, 0 for water and 1000 for bone",
                least,
                most,
                certainty == Certainty.CERTAIN ? "are no" : "may be no",
                reason)));
  }
}
