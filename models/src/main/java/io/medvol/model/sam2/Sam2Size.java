package io.medvol.model.sam2;

import io.medvol.model.sam2.Sam2Config.MemoryAttention;
import io.medvol.model.sam2.Sam2Config.MemoryEncoder;
import io.medvol.model.sam2.Sam2Config.Neck;
import io.medvol.model.sam2.Sam2Config.Tracking;
import io.medvol.model.sam2.Sam2Config.Trunk;
import java.util.List;

/** The published sizes of SAM 2.1. MedSAM2 is {@link #TINY} at 512 pixels. */
public enum Sam2Size {
  TINY(trunk(96, 1, List.of(1, 2, 7, 2), List.of(8, 4, 14, 7), List.of(5, 7, 9), 7)),
  SMALL(trunk(96, 1, List.of(1, 2, 11, 2), List.of(8, 4, 14, 7), List.of(7, 10, 13), 7)),
  BASE_PLUS(trunk(112, 2, List.of(2, 3, 16, 3), List.of(8, 4, 14, 7), List.of(12, 16, 20), 14)),
  LARGE(trunk(144, 2, List.of(2, 6, 36, 4), List.of(8, 4, 16, 8), List.of(23, 33, 43), 7));

  private final Trunk trunk;

  Sam2Size(Trunk trunk) {
    this.trunk = trunk;
  }

  /** The configuration for square inputs of this side: 1024 for SAM 2.1, 512 for MedSAM2. */
  public Sam2Config config(int imageSize) {
    return new Sam2Config(
        imageSize,
        trunk,
        new Neck(256, List.of(2, 3)),
        new MemoryAttention(4, 2048, 10000),
        new MemoryEncoder(64, 2, 7),
        Tracking.SAM2_1);
  }

  private static Trunk trunk(
      int embedDim,
      int heads,
      List<Integer> stages,
      List<Integer> windows,
      List<Integer> globalBlocks,
      int background) {
    return new Trunk(
        embedDim, heads, stages, windows, globalBlocks, List.of(background, background));
  }
}
