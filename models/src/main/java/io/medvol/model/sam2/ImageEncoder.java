package io.medvol.model.sam2;

import ai.djl.ndarray.NDArray;
import io.medvol.model.tensor.Ops;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * The Hiera trunk (arXiv 2306.00989) with its feature pyramid. Windowed attention pads a map with
 * zeros after the norm, so that padding contributes its bias.
 */
final class ImageEncoder {
  private static final String TRUNK = "image_encoder.trunk.";
  private static final BiConsumer<String, NDArray> UNWATCHED = (name, value) -> {};

  private record Block(HieraBlock shape, List<NDArray> weights) {}

  private final Sam2Config config;
  private final Sam2Weights weights;
  private final NDArray places;
  private final List<Block> blocks = new ArrayList<>();

  /**
   * @param places what {@link #places} made of the same weights; must outlive the encoder
   */
  ImageEncoder(Sam2Config config, Sam2Weights weights, NDArray places) {
    this.config = config;
    this.weights = weights;
    this.places = places;
    for (HieraBlock block : HieraBlock.all(config.trunk())) {
      String prefix = TRUNK + "blocks." + block.index() + ".";
      List<NDArray> own =
          weights.pairs(
              prefix, "norm1", "attn.qkv", "attn.proj", "norm2", "mlp.layers.0", "mlp.layers.1");
      if (block.projects()) {
        own.addAll(weights.pairs(prefix, "proj"));
      }
      blocks.add(new Block(block, own));
    }
  }

  /**
   * @param images {@code [slice][3][imageSize][imageSize]}, normalised
   */
  SliceFeatures encode(NDArray images, Ops ops) {
    return encode(images, ops, UNWATCHED);
  }

  /** Shows each stage by the name it has in the reference values. */
  SliceFeatures encode(NDArray images, Ops ops, BiConsumer<String, NDArray> watcher) {
    List<NDArray> levels = pyramid(trunk(images, ops, watcher), ops, watcher);
    for (int level = 0; level < levels.size(); level++) {
      watcher.accept("neck.fpn." + level, levels.get(level));
    }
    return new SliceFeatures(
        projected("sam_mask_decoder.conv_s0", levels.get(0), ops),
        projected("sam_mask_decoder.conv_s1", levels.get(1), ops),
        levels.get(2));
  }

  /** The four levels of the trunk, {@code [slice][channel][row][column]}, the finest first. */
  private List<NDArray> trunk(NDArray images, Ops ops, BiConsumer<String, NDArray> watcher) {
    NDArray patches =
        ops.image()
            .conv2d(
                ops.cast(images, weights.type()),
                weights.get(TRUNK + "patch_embed.proj.weight"),
                weights.get(TRUNK + "patch_embed.proj.bias"),
                4,
                3,
                1);
    NDArray x = ops.contiguous(ops.permute(patches, 0, 2, 3, 1));
    watcher.accept("trunk.patch_embed", x);
    watcher.accept("trunk.pos_embed", places);
    x = ops.add(x, places);
    List<NDArray> levels = new ArrayList<>();
    for (Block block : blocks) {
      HieraBlock shape = block.shape();
      x =
          ops.call(
              "sam_hiera_block", x, block.weights(), shape.heads(), shape.window(), shape.stride());
      watcher.accept("trunk.block." + shape.index(), x);
      if (shape.endsStage()) {
        NDArray level = ops.permute(x, 0, 3, 1, 2);
        watcher.accept("trunk.stage." + levels.size(), level);
        levels.add(level);
      }
    }
    return levels;
  }

  /**
   * The embedding of the places of the finest map, {@code [1][row][column][channel]}: a coarse one
   * resized to the map, plus a fine one that repeats with the windows.
   */
  static NDArray places(Sam2Config config, Sam2Weights weights, Ops ops) {
    int side = config.imageSize() / 4;
    NDArray window = weights.get(TRUNK + "pos_embed_window");
    int repeats = side / config.trunk().windows().get(0);
    NDArray row = ops.cat(Collections.nCopies(repeats, window), 3);
    NDArray tiled = ops.cat(Collections.nCopies(repeats, row), 2);
    NDArray coarse = ops.image().bicubic(weights.get(TRUNK + "pos_embed"), side, side);
    return ops.contiguous(ops.permute(ops.add(coarse, tiled), 0, 2, 3, 1));
  }

  /** The three finest levels, the finest first; each is projected, some get the coarser one. */
  private List<NDArray> pyramid(
      List<NDArray> levels, Ops ops, BiConsumer<String, NDArray> watcher) {
    List<NDArray> pyramid = new ArrayList<>();
    NDArray coarser = null;
    for (int level = levels.size() - 1; level >= 0; level--) {
      int index = levels.size() - 1 - level;
      NDArray own =
          projected("image_encoder.neck.convs." + index + ".conv", levels.get(level), ops);
      watcher.accept("neck.lateral." + index, own);
      if (coarser != null && config.neck().topDownLevels().contains(level)) {
        long[] size = own.getShape().getShape();
        own = ops.add(own, ops.image().nearest(coarser, (int) size[2], (int) size[3]));
      }
      coarser = own;
      pyramid.add(0, own);
    }
    return pyramid.subList(0, 3);
  }

  private NDArray projected(String name, NDArray x, Ops ops) {
    return ops.image()
        .conv2d(x, weights.get(name + ".weight"), weights.get(name + ".bias"), 1, 0, 1);
  }
}
