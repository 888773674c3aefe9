package io.medvol.model.qwen;

import ai.djl.ndarray.NDArray;
import io.medvol.model.tensor.DType;
import io.medvol.model.tensor.Ops;
import io.medvol.model.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;

/**
 * The vision tower of the family: patches, in Qwen3-VL plus an interpolated learned position table;
 * pre-norm blocks with two-dimensional rotary positions and attention inside each frame, in
 * Qwen2.5-VL mostly inside its windows; then mergers that turn four neighbouring patches into one
 * token.
 */
final class VisionTower {
  private static final double NORM_EPS = 1e-6;

  /** When a merger normalises: each patch by itself, or the four as one row. */
  private enum Normalise {
    PATCH,
    MERGED
  }

  /** The projections as {@code project} takes them. */
  private record Merger(
      Normalise normalise,
      NDArray normWeight,
      NDArray normBias,
      List<NDArray> in,
      List<NDArray> out) {}

  private final QwenConfig.Vision config;
  private final NDArray patchWeight;
  private final NDArray patchBias;
  private final NDArray positionTable;
  private final List<List<NDArray>> blocks = new ArrayList<>();
  private final Merger merger;
  private final List<Merger> deepstackMergers = new ArrayList<>();

  VisionTower(QwenConfig.Vision config, Weights weights, String prefix) {
    this.config = config;
    int hidden = config.hidden();
    int side = config.patchSize();
    patchWeight =
        weights.load(
            prefix + "patch_embed.proj.weight",
            hidden,
            config.channels(),
            config.temporalPatchSize(),
            side,
            side);
    boolean learned = config.style().learnsPositions();
    patchBias = learned ? weights.load(prefix + "patch_embed.proj.bias", hidden) : weights.none();
    positionTable =
        learned
            ? weights.load(
                prefix + "pos_embed.weight", (long) config.gridSide() * config.gridSide(), hidden)
            : weights.none();
    for (int i = 0; i < config.depth(); i++) {
      blocks.add(block(weights, prefix + "blocks." + i + "."));
    }
    merger = merger(weights, prefix + "merger.", Normalise.PATCH);
    for (int i = 0; i < config.deepstackLayers().size(); i++) {
      deepstackMergers.add(
          merger(weights, prefix + "deepstack_merger_list." + i + ".", Normalise.MERGED));
    }
  }

  /** In the order that {@code vision_block} takes them. */
  private List<NDArray> block(Weights weights, String name) {
    long hidden = config.hidden();
    long inner = config.intermediate();
    List<NDArray> block = new ArrayList<>();
    norm(weights, name + "norm1", hidden, block);
    norm(weights, name + "norm2", hidden, block);
    block.addAll(weights.projection(name + "attn.qkv", 3 * hidden, hidden, true));
    block.addAll(weights.projection(name + "attn.proj", hidden, hidden, true));
    List<String> mlp = config.style().mlp();
    for (int i = 0; i < mlp.size(); i++) {
      boolean last = i == mlp.size() - 1;
      block.addAll(
          weights.projection(
              name + "mlp." + mlp.get(i), last ? hidden : inner, last ? inner : hidden, true));
    }
    return block;
  }

  private void norm(Weights weights, String name, long width, List<NDArray> target) {
    target.add(weights.load(name + ".weight", width));
    target.add(
        config.style().norm() == TowerStyle.Norm.LAYER
            ? weights.load(name + ".bias", width)
            : weights.none());
  }

  private Merger merger(Weights weights, String name, Normalise normalise) {
    TowerStyle style = config.style();
    long merged = (long) config.hidden() * config.mergeUnit();
    List<NDArray> norm = new ArrayList<>();
    norm(
        weights,
        name + style.mergerNorm(),
        normalise == Normalise.PATCH ? config.hidden() : merged,
        norm);
    return new Merger(
        normalise,
        norm.get(0),
        norm.get(1),
        weights.projection(name + style.mergerIn(), merged, merged, true),
        weights.projection(name + style.mergerOut(), config.outHidden(), merged, true));
  }

  /**
   * Encodes pictures.
   *
   * @param pixels {@code [patch][channel x frame x row x column]}
   * @param compute type of the activations
   */
  VisionFeatures encode(TensorScope scope, float[] pixels, PatchGrid patches, DType compute) {
    try (TensorScope passing = scope.child()) {
      Ops ops = passing.ops();
      PatchWindows windows = PatchWindows.of(patches, config);
      NDArray x = input(passing, pixels, patches, windows, compute);
      RotaryTable.Rotation rotation = RotaryTable.of(config, windows.patches()).in(passing);
      NDArray[] deepstack = new NDArray[deepstackMergers.size()];
      for (int i = 0; i < blocks.size(); i++) {
        NDArray out = block(ops, i, x, rotation, windows);
        x.close();
        x = out;
        int tap = config.deepstackLayers().indexOf(i);
        if (tap >= 0) {
          deepstack[tap] = merge(scope, deepstackMergers.get(tap), x);
        }
      }
      NDArray merged = merge(passing, merger, x);
      if (config.windows().any()) {
        merged = ops.indexSelect(merged, 0, passing.indices(windows.inverse()));
      }
      return new VisionFeatures(scope.keep(merged), List.of(deepstack));
    }
  }

  /** What the first block sees. */
  private NDArray input(
      TensorScope scope, float[] pixels, PatchGrid patches, PatchWindows windows, DType compute) {
    NDArray x;
    try (TensorScope passing = scope.child()) {
      Ops ops = passing.ops();
      NDArray values = passing.floats(pixels, patches.count(), config.patchLength());
      x = scope.keep(embedPatches(ops, ops.cast(values, compute)));
    }
    try (TensorScope passing = scope.child()) {
      if (config.style().learnsPositions()) {
        NDArray positions = passing.ops().cast(positions(passing, patches), compute);
        x = passing.ops().add(passing.keep(x), positions);
      }
      return scope.keep(reorder(passing, passing.keep(x), windows.order()));
    }
  }

  NDArray embedPatches(Ops ops, NDArray pixels) {
    NDArray weight = ops.reshape(patchWeight, config.hidden(), -1);
    return ops.call("product", pixels, weight, patchBias);
  }

  NDArray positions(TensorScope scope, PatchGrid patches) {
    Ops ops = scope.ops();
    PatchGrid.Taps taps = patches.taps(config.gridSide());
    NDArray indices = scope.longs(taps.indices(), patches.count(), PatchGrid.TAPS);
    NDArray weights = scope.floats(taps.weights(), patches.count(), PatchGrid.TAPS, 1);
    return ops.sum(ops.mul(ops.embedding(positionTable, indices), weights), 1);
  }

  /** Puts the merged patches, each a run of rows, into another order. */
  NDArray reorder(TensorScope scope, NDArray x, int[] order) {
    if (!config.windows().any()) {
      return x;
    }
    Ops ops = scope.ops();
    long width = (long) config.hidden() * config.mergeUnit();
    NDArray moved = ops.indexSelect(ops.reshape(x, -1, width), 0, scope.indices(order));
    return ops.reshape(moved, -1, config.hidden());
  }

  NDArray block(Ops ops, int index, NDArray x, RotaryTable.Rotation rotation, PatchWindows order) {
    return ops.call(
        "vision_block",
        x,
        blocks.get(index),
        rotation.cos(),
        rotation.sin(),
        config.heads(),
        config.windows().full(index) ? order.patches().attentionRuns() : order.attentionRuns(),
        config.activation().operation(),
        NORM_EPS);
  }

  private NDArray merge(TensorScope scope, Merger merger, NDArray patches) {
    long width = (long) config.hidden() * config.mergeUnit();
    try (TensorScope passing = scope.child()) {
      Ops ops = passing.ops();
      NDArray x =
          merger.normalise() == Normalise.PATCH
              ? ops.reshape(normalise(ops, merger, patches), -1, width)
              : normalise(ops, merger, ops.reshape(patches, -1, width));
      NDArray inner = ops.gelu(ops.call("project", x, merger.in(), 0));
      return scope.keep(ops.call("project", inner, merger.out(), 0));
    }
  }

  private static NDArray normalise(Ops ops, Merger merger, NDArray x) {
    return ops.call("norm", x, merger.normWeight(), merger.normBias(), NORM_EPS);
  }
}
