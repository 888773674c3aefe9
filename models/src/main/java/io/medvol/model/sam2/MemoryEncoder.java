package io.medvol.model.sam2;

import ai.djl.ndarray.NDArray;
import io.medvol.model.tensor.Ops;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** Fuses a slice's features with its mask into what is remembered of it. */
final class MemoryEncoder {
  private static final String NAME = "memory_encoder.";
  private static final BiConsumer<String, NDArray> UNWATCHED = (name, value) -> {};

  private final Sam2Config config;
  private final Sam2Weights weights;
  private final List<NDArray> downsampler;
  private final List<List<NDArray>> fuser = new ArrayList<>();

  MemoryEncoder(Sam2Config config, Sam2Weights weights) {
    this.config = config;
    this.weights = weights;
    this.downsampler =
        weights.pairs(
            NAME + "mask_downsampler.encoder.", "0", "1", "3", "4", "6", "7", "9", "10", "12");
    for (int layer = 0; layer < config.memoryEncoder().fuserLayers(); layer++) {
      String prefix = NAME + "fuser.layers." + layer + ".";
      List<NDArray> own = new ArrayList<>();
      own.add(weights.get(prefix + "gamma"));
      own.addAll(weights.pairs(prefix, "dwconv", "norm", "pwconv1", "pwconv2"));
      fuser.add(own);
    }
  }

  /**
   * @param top {@code [track][width][row][column]}, without anything from memory
   * @param mask {@code [track][1][imageSize][imageSize]}, scaled
   * @return {@code [track][memory width][row][column]}
   */
  NDArray encode(NDArray top, NDArray mask, Ops ops) {
    return encode(top, mask, ops, UNWATCHED);
  }

  NDArray encode(NDArray top, NDArray mask, Ops ops, BiConsumer<String, NDArray> watcher) {
    NDArray small = ops.call("sam_mask_downsample", mask, downsampler);
    watcher.accept("memory.mask.downsampled", small);
    NDArray x = projected("pix_feat_proj", top, ops);
    watcher.accept("memory.pix_feat_proj", x);
    x = ops.add(x, small);
    for (List<NDArray> layer : fuser) {
      x = ops.call("sam_fuser_block", x, layer, config.memoryEncoder().kernel() / 2);
    }
    watcher.accept("memory.fuser", x);
    boolean same = config.memoryEncoder().width() == config.width();
    return same ? x : projected("out_proj", x, ops);
  }

  private NDArray projected(String name, NDArray x, Ops ops) {
    return ops.image()
        .conv2d(
            x, weights.get(NAME + name + ".weight"), weights.get(NAME + name + ".bias"), 1, 0, 1);
  }
}
