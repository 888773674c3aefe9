package io.medvol.rollout.prompt;

import io.medvol.data.volume.GreyRule;
import io.medvol.data.volume.HounsfieldWindow;
import io.medvol.model.policy.RgbImage;

/** Grey pictures of a Hounsfield window, the three channels alike. */
public record WindowedSlices(HounsfieldWindow window, GreyRule rule) implements SliceRenderer {
  /** The soft-tissue window between its bounds. */
  public static WindowedSlices softTissue() {
    return new WindowedSlices(HounsfieldWindow.SOFT_TISSUE, GreyRule.BOUNDS);
  }

  @Override
  public RgbImage render(short[] hu, int rows, int columns) {
    byte[] greys = window.greys(hu, rule);
    byte[] rgb = new byte[greys.length * 3];
    for (int i = 0; i < greys.length; i++) {
      rgb[3 * i] = greys[i];
      rgb[3 * i + 1] = greys[i];
      rgb[3 * i + 2] = greys[i];
    }
    return new RgbImage(rows, columns, rgb);
  }
}
