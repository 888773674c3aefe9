package io.medvol.data.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.PixelBox;
import java.util.List;
import org.junit.jupiter.api.Test;

class GroundTruthTest {
  private static final BoxRule SINGLE = new BoxRule.Single();

  @Test
  void drawsOneTightBox() {
    BinaryMask mask = slice("....", ".#..", "..#.");
    assertThat(GroundTruthBoxes.of(mask, 0, SINGLE)).containsExactly(new PixelBox(1, 1, 2, 2));
  }

  @Test
  void separatesComponentsThatTouchAtACornerOnly() {
    BinaryMask mask = slice("##..", "..#.", "..#.");
    assertThat(GroundTruthBoxes.of(mask, 0, new BoxRule.Components(1, 5)))
        .as("of equal components the later one comes first")
        .containsExactly(new PixelBox(2, 1, 2, 2), new PixelBox(0, 0, 1, 0));
  }

  @Test
  void doesNotJoinTheEndOfARowToTheNextRow() {
    BinaryMask mask = slice("...#", "#...", "....");
    assertThat(GroundTruthBoxes.of(mask, 0, new BoxRule.Components(1, 5))).hasSize(2);
  }

  @Test
  void keepsTheLargestComponents() {
    BinaryMask mask = slice("#.##", "..##", "#...");
    assertThat(GroundTruthBoxes.of(mask, 0, new BoxRule.Components(1, 1)))
        .containsExactly(new PixelBox(2, 0, 3, 1));
  }

  @Test
  void drawsOneBoxAroundEverythingWhereNoComponentIsLargeEnough() {
    BinaryMask mask = slice("#...", "....", "...#");
    assertThat(GroundTruthBoxes.of(mask, 0, new BoxRule.Components(2, 3)))
        .containsExactly(new PixelBox(0, 0, 3, 2));
  }

  @Test
  void drawsNothingWhereTheTargetIsAbsent() {
    BinaryMask mask = BinaryMask.builder(new GridSize(2, 2, 2)).set(1, 0, 0).build();
    assertThat(GroundTruthBoxes.of(mask, 0, SINGLE)).isEmpty();
    assertThat(GroundTruthBoxes.of(mask, 1, SINGLE)).containsExactly(new PixelBox(0, 0, 0, 0));
    assertThatThrownBy(() -> GroundTruthBoxes.of(mask, 2, SINGLE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Slice 2");
  }

  @Test
  void takesTheUpperMedianOfTheLargestShownSlices() {
    int[] areas = {9, 0, 5, 5, 7, 100};
    assertThat(KeySlice.choose(areas, List.of(0, 1, 2, 3, 4))).hasValue(3);
    assertThat(KeySlice.choose(areas, List.of(1))).isEmpty();
    int[] equal = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    assertThat(KeySlice.choose(equal, List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)))
        .as("the ten later ones are 2 to 11")
        .hasValue(7);
  }

  @Test
  void samplesEvenlyAndRoundsTiesToEven() {
    assertThat(SliceSampler.uniform(6, 3)).containsExactly(0, 2, 5);
    assertThat(SliceSampler.uniform(4, 3)).containsExactly(0, 2, 3);
    assertThat(SliceSampler.uniform(3, 8)).containsExactly(0, 1, 2);
    assertThat(SliceSampler.uniform(9, 1)).containsExactly(0);
    assertThatThrownBy(() -> SliceSampler.uniform(0, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("4 of 0");
  }

  private static BinaryMask slice(String... rows) {
    BinaryMask.Builder mask = BinaryMask.builder(new GridSize(1, rows.length, rows[0].length()));
    for (int row = 0; row < rows.length; row++) {
      for (int column = 0; column < rows[row].length(); column++) {
        if (rows[row].charAt(column) == '#') {
          mask.set(0, row, column);
        }
      }
    }
    return mask.build();
  }
}
