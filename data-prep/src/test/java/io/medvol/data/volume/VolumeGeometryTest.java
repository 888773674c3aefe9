package io.medvol.data.volume;

import static org.assertj.core.api.Assertions.assertThat;
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
    // Rows and columns are 1 mm apart: rounding is up to a hundredth of that.
    assertThat(SCAN.requireMatch("ct", "labels", shifted(0.0099))).isEmpty();
    assertThat(SCAN.matches(shifted(0.0099))).isTrue();
    VolumeGeometry coarse = VolumeGeometry.canonical(SCAN.size(), 5, 3, 3);
    VolumeGeometry other = VolumeGeometry.canonical(SCAN.size(), 5, 3.0019, 3.0019);
    assertThat(coarse.requireMatch("ct", "labels", other)).isEmpty();
  }

  @Test
  void namesAnOffsetBeyondRoundingInMillimetresAndVoxels() {
    assertThat(SCAN.requireMatch("ct", "labels", shifted(0.25)))
        .hasValue(
            "labels: its voxels lie up to 0.250 mm (0.25 voxels) away from those of ct; they are"
                + " taken for the same.");
    assertThat(SCAN.matches(shifted(0.25))).isFalse();
    assertThatThrownBy(() -> SCAN.requireMatch("ct", "labels", shifted(0.51)))
        .isInstanceOf(MalformedVolumeException.class)
        .hasMessageContaining("0.510 mm (0.51 voxels) away from those of ct");
  }

  @Test
  void offsetsGrowWithTheGrid() {
    GridSize wide = new GridSize(2, 3, 512);
    VolumeGeometry scan = VolumeGeometry.canonical(wide, 5, 1, 1);
    // Each step is 0.2 % too long, so the outer columns are half a voxel off.
    VolumeGeometry stretched = VolumeGeometry.canonical(wide, 5, 1, 1.002);
    assertThatThrownBy(() -> scan.requireMatch("ct", "labels", stretched))
        .hasMessageContaining("0.511 mm (0.51 voxels)");
  }

  @Test
  void anAffineOfNoNumberMatchesNothing() {
    assertThatThrownBy(() -> SCAN.requireMatch("ct", "labels", shifted(Double.NaN)))
        .isInstanceOf(MalformedVolumeException.class);
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
    assertThatThrownBy(() -> SCAN.requireMatch("ct", "labels", shifted(2)))
        .isInstanceOf(MalformedVolumeException.class)
        .hasMessageContaining(SCAN.affine().toString())
        .hasMessageContaining(shifted(2).affine().toString());
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
