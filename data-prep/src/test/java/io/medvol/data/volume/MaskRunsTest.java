package io.medvol.data.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskRunsTest {
  private static final GridSize SIZE = new GridSize(3, 5, 67);

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.02, 0.5, 0.99, 1})
  void givesTheMaskBack(double share) {
    SplittableRandom random = new SplittableRandom(5);
    BinaryMask.Builder builder = BinaryMask.builder(SIZE);
    for (int voxel = 0; voxel < SIZE.voxels(); voxel++) {
      if (random.nextDouble() < share) {
        builder.setIndex(voxel);
      }
    }
    BinaryMask mask = builder.build();
    MaskRuns runs = MaskRuns.of(mask);
    assertThat(runs.mask()).isEqualTo(mask);
    assertThat(runs).isEqualTo(MaskRuns.of(runs.mask())).hasSameHashCodeAs(MaskRuns.of(mask));
  }
}
