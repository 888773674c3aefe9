package io.medvol.data.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.volume.MalformedVolumeException.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class VolumeGeometryTest {
  private static final VolumeGeometry SCAN =
      VolumeGeometry.canonical(new GridSize(2, 3, 4), 5, 1, 1);

  @Test
  void centresACanonicalGrid() {
    assertThat(SCAN.affine().apply(1.5, 1, 0.5)).containsExactly(0, 0, 0);
    assertThat(SCAN.affine().spacing(2)).isEqualTo(5);
    assertThat(SCAN.affine().determinant()).isEqualTo(-5);
  }

  @Test
  void acceptsRoundingOfTheAffine() {
    assertThatCode(() -> SCAN.requireMatch("ct", "labels", shifted(0.0009)))
        .doesNotThrowAnyException();
  }

  @Test
  void namesBothGridsAndBothAffinesOfAMismatch() {
    VolumeGeometry smaller = VolumeGeometry.canonical(new GridSize(1, 3, 4), 5, 1, 1);
    assertThatThrownBy(() -> SCAN.requireMatch("ct", "labels", smaller))
        .isInstanceOfSatisfying(
            MalformedVolumeException.class, e -> assertThat(e.kind()).isEqualTo(Kind.MISMATCH))
        .hasMessageStartingWith("labels: ")
        .hasMessageContaining("1x3x4")
        .hasMessageContaining("2x3x4")
        .hasMessageContaining("ct");
    assertThatThrownBy(() -> SCAN.requireMatch("ct", "labels", shifted(0.01)))
        .isInstanceOf(MalformedVolumeException.class)
        .hasMessageContaining(SCAN.affine().toString())
        .hasMessageContaining(shifted(0.01).affine().toString());
  }

  @Test
  void marksTheUnionOfLabels() {
    short[] labels = new short[24];
    labels[0] = 1;
    labels[5] = 2;
    labels[23] = 300;
    LabelVolume volume = new LabelVolume(SCAN, labels);

    assertThat(volume.present()).containsExactly(1, 2, 300);
    BinaryMask mask = volume.mask(List.of(1, 300, 7));
    assertThat(mask.count()).isEqualTo(2);
    assertThat(mask.get(0, 0, 0)).isTrue();
    assertThat(mask.get(0, 1, 1)).isFalse();
    assertThat(mask.get(1, 2, 3)).isTrue();
    assertThat(volume.slice(1)).hasSize(12).endsWith((short) 300);
  }

  private static VolumeGeometry shifted(double millimetres) {
    double[] rows = new double[12];
    for (int i = 0; i < 12; i++) {
      rows[i] = SCAN.affine().at(i / 4, i % 4);
    }
    rows[3] += millimetres;
    return new VolumeGeometry(SCAN.size(), Affine.ofRows(rows));
  }
}
