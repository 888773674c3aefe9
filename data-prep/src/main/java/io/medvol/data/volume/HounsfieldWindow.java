package io.medvol.data.volume;

import java.io.Serializable;

/**
 * A range of Hounsfield units that is shown between black and white.
 *
 * @param level its centre
 * @param width its extent, above 0
 */
public record HounsfieldWindow(double level, double width) implements Serializable {
  /** Abdominal organs: level 40, width 400. */
  public static final HounsfieldWindow SOFT_TISSUE = new HounsfieldWindow(40, 400);

  public HounsfieldWindow {
    if (!Double.isFinite(level) || !Double.isFinite(width) || !(width > 0)) {
      throw new IllegalArgumentException(
          "A window needs a finite level and a width above 0, not level "
              + level
              + " and width "
              + width);
    }
  }

  public double low() {
    return level - width / 2;
  }

  public double high() {
    return level + width / 2;
  }

  /** (hu - low) / width, clipped to 0..1. */
  public float unit(double hu) {
    return (float) Math.max(0, Math.min(1, (hu - low()) / width));
  }

  /** {@link #unit} of every value. */
  public float[] units(short[] hu) {
    float[] units = new float[hu.length];
    for (int i = 0; i < hu.length; i++) {
      units[i] = unit(hu[i]);
    }
    return units;
  }

  /**
   * Grey values 0..255 as unsigned bytes.
   *
   * @param hu a slice or a volume: {@link GreyRule#RANGE} depends on what is given together
   * @throws IllegalArgumentException for {@link GreyRule#DICOM} if the width is 1 or less
   */
  public byte[] greys(short[] hu, GreyRule rule) {
    return switch (rule) {
      case BOUNDS -> stretched(hu, low(), high());
      case RANGE -> byRange(hu);
      case DICOM -> byDicom(hu);
    };
  }

  private byte[] byRange(short[] hu) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (short value : hu) {
      double clipped = clip(value, low(), high());
      least = Math.min(least, clipped);
      most = Math.max(most, clipped);
    }
    return most > least ? stretched(hu, least, most) : new byte[hu.length];
  }

  private byte[] byDicom(short[] hu) {
    if (width <= 1) {
      throw new IllegalArgumentException(
          "DICOM's linear window needs a width above 1, not " + width);
    }
    byte[] greys = new byte[hu.length];
    for (int i = 0; i < hu.length; i++) {
      double grey = ((hu[i] - (level - 0.5)) / (width - 1) + 0.5) * 255;
      greys[i] = (byte) (int) Math.rint(clip(grey, 0, 255));
    }
    return greys;
  }

  private static byte[] stretched(short[] hu, double low, double high) {
    byte[] greys = new byte[hu.length];
    for (int i = 0; i < hu.length; i++) {
      greys[i] = (byte) (int) ((clip(hu[i], low, high) - low) / (high - low) * 255);
    }
    return greys;
  }

  private static double clip(double value, double low, double high) {
    return Math.max(low, Math.min(high, value));
  }
}
