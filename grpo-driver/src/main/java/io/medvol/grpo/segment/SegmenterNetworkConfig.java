package io.medvol.grpo.segment;

import io.medvol.data.config.ConfigDescription;
import io.medvol.data.config.ConfigLimits;
import io.medvol.model.sam2.Sam2Config;
import java.util.List;

/** Sizes of the SAM 2.1 network that is trained. */
@ConfigDescription("Sizes of the SAM 2.1 network; what is not listed is as in all SAM 2.1 models.")
public record SegmenterNetworkConfig(
    @ConfigDescription("Side of the square input in pixels; a multiple of 32 from 32 to 512.")
        int imageSize,
    @ConfigDescription("Channels of the trunk's first stage; a multiple of 8 from 8 to 96.")
        int embedDim,
    @ConfigDescription("Channels of all later parts (d_model); a multiple of 32 from 32 to 256.")
        int width,
    @ConfigDescription("Channels of a stored memory; even, and divides width.") int memoryWidth,
    @ConfigDescription("Layers of the memory attention, 1 to 4.") int memoryLayers,
    @ConfigDescription("Hidden units of a memory attention layer, 1 to 2048.") int feedForward) {
  public SegmenterNetworkConfig {
    ConfigLimits.check()
        .between("image-size", imageSize, 32, 512)
        .satisfies("image-size", imageSize, n -> n % 32 == 0, "a multiple of 32")
        .between("embed-dim", embedDim, 8, 96)
        .satisfies("embed-dim", embedDim, n -> n % 8 == 0, "a multiple of 8")
        .between("width", width, 32, 256)
        .satisfies("width", width, n -> n % 32 == 0, "a multiple of 32")
        .satisfies(
            "memory-width",
            memoryWidth,
            n -> n >= 2 && n % 2 == 0 && width % n == 0,
            "an even divisor of width")
        .between("memory-layers", memoryLayers, 1, 4)
        .between("feed-forward", feedForward, 1, 2048)
        .orThrow();
  }

  public static SegmenterNetworkConfig defaults() {
    return new SegmenterNetworkConfig(96, 16, 64, 32, 2, 256);
  }

  /** The whole configuration of the network. */
  public Sam2Config sam2() {
    return new Sam2Config(
        imageSize,
        new Sam2Config.Trunk(
            embedDim, 1, List.of(1, 2, 3, 1), windows(), List.of(4), List.of(4, 4)),
        new Sam2Config.Neck(width, List.of(2, 3)),
        new Sam2Config.MemoryAttention(memoryLayers, feedForward, 10000),
        new Sam2Config.MemoryEncoder(memoryWidth, 2, 7),
        new Sam2Config.Tracking(7, 20, -10, 16));
  }

  /** As large as the maps of small inputs allow, so that no window is padded. */
  private List<Integer> windows() {
    return List.of(
        8, 4, Math.max(2, Math.min(8, imageSize / 16)), Math.max(2, Math.min(4, imageSize / 32)));
  }
}
