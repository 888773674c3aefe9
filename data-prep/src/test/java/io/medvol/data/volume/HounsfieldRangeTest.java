package io.medvol.data.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.data.volume.HounsfieldRange.Certainty;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HounsfieldRangeTest {
  private static final GridSize SIZE = new GridSize(4, 16, 16);

  /** Air, fat, soft tissue and bone, stored with an intercept. */
  private static short[] body(int offset) {
    Random random = new Random(3);
    short[] values = new short[SIZE.voxels()];
    for (int i = 0; i < values.length; i++) {
      double part = random.nextDouble();
      double centre = part < 0.4 ? -1000 : part < 0.6 ? -100 : part < 0.95 ? 45 : 700;
      double hu = Math.max(-1024, centre + 12 * random.nextGaussian());
      values[i] = (short) Math.rint(hu + offset);
    }
    return values;
  }

  private static HounsfieldRange range(short... values) {
    return HounsfieldRange.of(new CtVolume(VolumeGeometry.canonical(SIZE, 1, 1, 1), values));
  }

  private static Optional<Certainty> certainty(HounsfieldRange range) {
    return range.doubt().map(HounsfieldRange.Doubt::certainty);
  }

  @Test
  void aBodyIsTakenWithAndWithoutPaddingAndMetal() {
    assertThat(range(body(0)).doubt()).isEmpty();
    short[] padded = body(0);
    padded[0] = -3024;
    padded[1] = -2000;
    padded[2] = 30710;
    assertThat(range(padded).doubt()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"-200, 300", "-1024, 3071", "-160, 240", "-1000, 400", "-5, 120", "-1200, 150"})
  void croppedAndClippedScansAreTaken(int least, int most) {
    assertThat(new HounsfieldRange(least, most, 0).doubt()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "-1, 1", "-3, 11", "0, 255", "0, 254", "-1000, -1000"})
  void normalisedAndWindowedValuesAreNone(int least, int most) {
    assertThat(certainty(new HounsfieldRange(least, most, 0))).hasValue(Certainty.CERTAIN);
  }

  @Test
  void aMissingOffsetIsSeenBehindPaddingToo() {
    short[] shifted = body(1024);
    HounsfieldRange range = range(shifted);
    assertThat(certainty(range)).hasValue(Certainty.CERTAIN);
    assertThat(range.doubt().orElseThrow().sentence())
        .contains("from 0 to ")
        .contains("the offset of -1024 was not added")
        .contains("-1000 for air");
    shifted[7] = -2000;
    assertThat(certainty(range(shifted))).hasValue(Certainty.CERTAIN);
  }

  @Test
  void otherScansWithoutAirAreDoubtedOnly() {
    assertThat(certainty(new HounsfieldRange(0, 1800, 0.01))).hasValue(Certainty.POSSIBLE);
    assertThat(certainty(new HounsfieldRange(-2048, -900, 0))).hasValue(Certainty.POSSIBLE);
    assertThat(certainty(new HounsfieldRange(-1024, 32767, 0))).hasValue(Certainty.POSSIBLE);
  }
}
