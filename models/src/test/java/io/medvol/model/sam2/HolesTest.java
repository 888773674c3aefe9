package io.medvol.model.sam2;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HolesTest {
  /** Inside but for two corner-touching pixels in the middle and one at the border. */
  private static final float[] RING = {
    2, 2, 2, 2, //
    2, -1, 2, 2, //
    2, 2, 0, 2, //
    -3, 2, 2, 2, //
  };

  @Test
  void pixelsThatTouchByCornersAreOneHole() {
    float[] filled = Holes.filled(RING, 4, 2);
    assertThat(filled[5]).isEqualTo(0.1f);
    assertThat(filled[10]).isEqualTo(0.1f);
    assertThat(filled[12]).isEqualTo(0.1f);
    assertThat(filled[0]).isEqualTo(2f);
  }

  @Test
  void largerHolesStayOpen() {
    float[] filled = Holes.filled(RING, 4, 1);
    assertThat(filled[5]).isEqualTo(-1f);
    assertThat(filled[10]).isZero();
    assertThat(filled[12]).isEqualTo(0.1f);
  }
}
