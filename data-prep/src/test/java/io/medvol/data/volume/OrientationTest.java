package io.medvol.data.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class OrientationTest {
  @Test
  void namesTheDirectionsOfAnAffine() {
    assertThat(Orientation.of(Affine.ofRows(-1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 5, 0)).codes())
        .isEqualTo("LAS");
    assertThat(Orientation.of(VolumeGeometry.canonical(new GridSize(1, 1, 1), 1, 1, 1).affine()))
        .isEqualTo(Orientation.CANONICAL);
    assertThat(Orientation.CANONICAL.codes()).isEqualTo("LPI");
  }

  @Test
  void ignoresTheTiltOfAGantry() {
    // Slices 5 mm towards the head and 4 mm towards the back: the longest part decides.
    assertThat(Orientation.of(Affine.ofRows(1, 0, 0, 0, 0, 1, -4, 0, 0, 0, 5, 0)).codes())
        .isEqualTo("RAS");
  }

  @Test
  void refusesAxesThatShareADirection() {
    assertThatThrownBy(() -> Orientation.parse("RLS"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("three different axes");
    assertThatThrownBy(() -> Orientation.parse("RAX"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'X'");
    assertThatThrownBy(() -> Orientation.of(Affine.ofRows(new double[12])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("singular");
  }

  @Test
  void movesVoxelsWithoutMovingThemInThePatient() {
    SplittableRandom random = new SplittableRandom(5);
    GridSize size = new GridSize(3, 4, 5);
    for (int trial = 0; trial < 200; trial++) {
      double[] rows = new double[12];
      for (int i = 0; i < 12; i++) {
        rows[i] = random.nextDouble(-3, 3);
      }
      VolumeGeometry source = new VolumeGeometry(size, Affine.ofRows(rows));
      Reorientation moved = Reorientation.of(source, Orientation.CANONICAL);
      assertThat(Orientation.of(moved.target().affine())).isEqualTo(Orientation.CANONICAL);

      int slice = random.nextInt(3);
      int row = random.nextInt(4);
      int column = random.nextInt(5);
      GridSize target = moved.target().size();
      int index = moved.index(slice, row, column);
      double[] before = source.affine().apply(column, row, slice);
      double[] after =
          moved
              .target()
              .affine()
              .apply(
                  index % target.columns(),
                  index / target.columns() % target.rows(),
                  index / target.pixelsPerSlice());
      assertThat(after).containsExactly(before, within(1e-9));
    }
  }

  @Test
  void comesBackWhenTurnedBack() {
    GridSize size = new GridSize(2, 3, 4);
    VolumeGeometry source =
        new VolumeGeometry(size, Affine.ofRows(0, 0, 2, 1, -1, 0, 0, 2, 0, 3, 0, 3));
    short[] values = new short[24];
    for (int i = 0; i < values.length; i++) {
      values[i] = (short) i;
    }
    Reorientation there = Reorientation.of(source, Orientation.CANONICAL);
    Reorientation back = Reorientation.of(there.target(), Orientation.of(source.affine()));
    assertThat(there.apply(values)).isNotEqualTo(values);
    assertThat(back.apply(there.apply(values))).isEqualTo(values);
    assertThat(back.target()).isEqualTo(source);
  }
}
