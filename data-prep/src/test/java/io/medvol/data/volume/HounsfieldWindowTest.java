package io.medvol.data.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class HounsfieldWindowTest {
  private static final short[] HU = {-1000, -160, -60, 40, 240, 3000};

  @Test
  void mapsTheWindowToTheUnitInterval() {
    assertThat(HounsfieldWindow.SOFT_TISSUE.units(HU)).containsExactly(0, 0, 0.25f, 0.5f, 1, 1);
  }

  @Test
  void truncatesBetweenTheBounds() {
    byte[] greys = HounsfieldWindow.SOFT_TISSUE.greys(HU, GreyRule.BOUNDS);
    assertThat(greys).containsExactly(0, 0, 63, 127, 255, 255);
  }

  @Test
  void stretchesWhatIsThere() {
    short[] within = {0, 50, 100};
    assertThat(HounsfieldWindow.SOFT_TISSUE.greys(within, GreyRule.RANGE))
        .containsExactly(0, 127, 255);
    assertThat(HounsfieldWindow.SOFT_TISSUE.greys(new short[] {7, 7}, GreyRule.RANGE))
        .containsExactly(0, 0);
  }

  @Test
  void followsDicomWhereTheCentreIsHalfAUnitLower() {
    HounsfieldWindow window = new HounsfieldWindow(40, 401);
    // (39.5 - 39.5) / 400 + 0.5 is the middle; 127.5 + 0.31875 rounds to 128.
    assertThat(window.greys(new short[] {40}, GreyRule.DICOM)).containsExactly(128);
    assertThatThrownBy(() -> new HounsfieldWindow(0, 1).greys(HU, GreyRule.DICOM))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("width above 1");
  }

  @Test
  void refusesWindowsWithoutExtent() {
    for (double width : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> new HounsfieldWindow(40, width))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("width above 0");
    }
  }

  @Test
  void stretchesBetweenPercentiles() {
    float[] ramp = new float[101];
    for (int i = 0; i < ramp.length; i++) {
      ramp[i] = i;
    }
    byte[] greys = PercentileStretch.PAPER.greys(ramp);
    assertThat(new int[] {greys[0], greys[1], greys[2] & 0xff, greys[50] & 0xff, greys[99] & 0xff})
        .containsExactly(0, 0, 3, 128, 255);
    assertThat(PercentileStretch.PAPER.greys(new float[] {3, Float.NaN, 3})).hasSize(3);
    assertThat(PercentileStretch.PAPER.greys(new float[] {2, 2})).containsExactly(0, 0);
    assertThat(PercentileStretch.PAPER.greys(new float[0])).isEmpty();
  }
}
