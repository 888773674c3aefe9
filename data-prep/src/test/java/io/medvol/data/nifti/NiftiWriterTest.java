package io.medvol.data.nifti;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.medvol.data.nifti.NiftiHeader.AffineSource;
import io.medvol.data.volume.Affine;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.VolumeGeometry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class NiftiWriterTest {
  private static final GridSize SIZE = new GridSize(2, 3, 2);
  private static final short[] HU = {-1024, 0, 40, 3071, 1, 2, 3, 4, 5, 6, Short.MAX_VALUE, -3024};

  @Test
  void readsBackWhatItWrote() {
    VolumeGeometry geometry = VolumeGeometry.canonical(SIZE, 5, 0.75, 0.5);
    NiftiImage image = NiftiBytes.read(NiftiBytes.gzipped(geometry, HU));

    assertThat(image.geometry()).isEqualTo(geometry);
    assertThat(image.header().type()).isEqualTo(NiftiType.INT16);
    short[] second = {3, 4, 5, 6, Short.MAX_VALUE, -3024};
    assertThat(image.toCtVolume().slice(1)).containsExactly(second);
  }

  @Test
  void writesUnsignedBytes() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] labels = new byte[12];
    labels[3] = (byte) 200;
    NiftiWriter.writeUint8(out, VolumeGeometry.canonical(SIZE, 1, 1, 1), labels);

    NiftiImage image = NiftiBytes.read(out.toByteArray());
    assertThat(image.header().type()).isEqualTo(NiftiType.UINT8);
    assertThat(image.toLabelVolume().label(0, 1, 1)).isEqualTo((short) 200);
    assertThat(image.toLabelVolume().mask(List.of(200)).count()).isEqualTo(1);
  }

  @Test
  void writesTheSameBytesEveryTimeWithoutATimestamp() {
    VolumeGeometry geometry = VolumeGeometry.canonical(SIZE, 1, 1, 1);
    byte[] first = NiftiBytes.gzipped(geometry, HU);
    assertThat(NiftiBytes.gzipped(geometry, HU)).isEqualTo(first);
    assertThat(List.of(first[4], first[5], first[6], first[7])).containsOnly((byte) 0);
  }

  @Test
  void statesTheSameAffineInBothForms() {
    double c = Math.cos(0.5);
    double s = Math.sin(0.5);
    List<Affine> turned =
        List.of(
            Affine.ofRows(1, 0, 0, 1, 0, 2, 0, 2, 0, 0, 3, 3),
            Affine.ofRows(-1, 0, 0, 1, 0, -2, 0, 2, 0, 0, 3, 3),
            Affine.ofRows(-1, 0, 0, 1, 0, -2, 0, 2, 0, 0, -3, 3),
            Affine.ofRows(0, 0, 3, -4, 1, 0, 0, 5, 0, 2, 0, 6),
            Affine.ofRows(0, 2, 0, -4, 1, 0, 0, 5, 0, 0, 3, 6),
            Affine.ofRows(c, -2 * s, 0, 0, s, 2 * c, 0, 0, 0, 0, 3, 0),
            Affine.ofRows(-1, 0, 0, 0, 0, -2 * c, 3 * s, 0, 0, 2 * s, 3 * c, 0));
    for (Affine affine : turned) {
      byte[] file = NiftiBytes.int16(new VolumeGeometry(SIZE, affine), HU);
      NiftiImage byQuaternion = NiftiBytes.read(NiftiBytes.withShort(file, 254, 0));
      assertThat(byQuaternion.header().affineSource()).isEqualTo(AffineSource.QFORM);
      for (int i = 0; i < 12; i++) {
        assertThat(byQuaternion.geometry().affine().at(i / 4, i % 4))
            .as("%s", affine)
            .isCloseTo(affine.at(i / 4, i % 4), within(1e-6));
      }
    }
  }

  @Test
  void leavesOutTheQuaternionOfShearedAxes() {
    Affine tilted = Affine.ofRows(1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 3, 0);
    NiftiImage image = NiftiBytes.read(NiftiBytes.int16(new VolumeGeometry(SIZE, tilted), HU));
    assertThat(image.header().qformCode()).isZero();
    assertThat(image.geometry().affine()).isEqualTo(tilted);
  }

  @Test
  void refusesValuesThatDoNotFillTheGrid() {
    assertThatThrownBy(() -> NiftiBytes.gzipped(VolumeGeometry.canonical(SIZE, 1, 1, 1), (short) 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 values do not fill");
  }
}
