package io.medvol.model.qwen;

import ai.djl.ndarray.NDArray;
import io.medvol.model.tensor.Ops;
import io.medvol.model.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;

/**
 * The vision tower of Qwen3-VL: patches plus an interpolated learned position table, pre-norm
 * blocks with two-dimensional rotary positions and attention inside each picture, then mergers that
 * turn four neighbouring patches into one token.
 */
final class VisionTower {
  private static final double NORM_EPS = 1e-6;

  /** When a merger normalises: each patch by itself, or the four as one row. */
  private enum Normalise {
    PATCH,
    MERGED
  }

  private record Merger(
      Normalise normalise,
      NDArray normWeight,
      NDArray normBias,
      NDArray inWeight,
      NDArray inBias,
      NDArray outWeight,
      NDArray outBias) {}

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
    patchBias = weights.load(prefix + "patch_embed.proj.bias", hidden);
    positionTable =
        weights.load(
            prefix + "pos_embed.weight", (long) config.gridSide() * config.gridSide(), hidden);
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
    int hidden = config.hidden();
    int inner = config.intermediate();
    return List.of(
        weights.load(name + "norm1.weight", hidden),
        weights.load(name + "norm1.bias", hidden),
        weights.load(name + "attn.qkv.weight", 3L * hidden, hidden),
        weights.load(name + "attn.qkv.bias", 3L * hidden),
        weights.load(name + "attn.proj.weight", hidden, hidden),
        weights.load(name + "attn.proj.bias", hidden),
        weights.load(name + "norm2.weight", hidden),
        weights.load(name + "norm2.bias", hidden),
        weights.load(name + "mlp.linear_fc1.weight", inner, hidden),
        weights.load(name + "mlp.linear_fc1.bias", inner),
        weights.load(name + "mlp.linear_fc2.weight", hidden, inner),
        weights.load(name + "mlp.linear_fc2.bias", hidden));
  }

  private Merger merger(Weights weights, String name, Normalise normalise) {
    long merged = (long) config.hidden() * config.mergeUnit();
    long normed = normalise == Normalise.PATCH ? config.hidden() : merged;
    return new Merger(
        normalise,
        weights.load(name + "norm.weight", normed),
        weights.load(name + "norm.bias", normed),
        weights.load(name + "linear_fc1.weight", merged, merged),
        weights.load(name + "linear_fc1.bias", merged),
        weights.load(name + "linear_fc2.weight", config.outHidden(), merged),
        weights.load(name + "linear_fc2.bias", config.outHidden()));
  }

  /**
   * Encodes pictures.
   *
   * @param pixels {@code [patch][channel x frame x row x column]}
   */
  VisionFeatures encode(TensorScope scope, float[] pixels, PatchGrid patches) {
    Ops ops = scope.ops();
    NDArray x =
        ops.add(
            embedPatches(ops, scope.floats(pixels, patches.count(), config.patchLength())),
            positions(scope, patches));
    RotaryTable.Rotation rotation = RotaryTable.of(config, patches).in(scope);
    NDArray[] deepstack = new NDArray[deepstackMergers.size()];
    for (int i = 0; i < blocks.size(); i++) {
      x = block(ops, i, x, rotation, patches);
      int tap = config.deepstackLayers().indexOf(i);
      if (tap >= 0) {
        deepstack[tap] = merge(ops, deepstackMergers.get(tap), x);
      }
    }
    return new VisionFeatures(merge(ops, merger, x), List.of(deepstack));
  }

  NDArray embedPatches(Ops ops, NDArray pixels) {
    return ops.linear(pixels, ops.reshape(patchWeight, config.hidden(), -1), patchBias);
  }

  NDArray positions(TensorScope scope, PatchGrid patches) {
    Ops ops = scope.ops();
    PatchGrid.Taps taps = patches.taps(config.gridSide());
    NDArray indices = scope.longs(taps.indices(), patches.count(), PatchGrid.TAPS);
    NDArray weights = scope.floats(taps.weights(), patches.count(), PatchGrid.TAPS, 1);
    return ops.sum(ops.mul(ops.embedding(positionTable, indices), weights), 1);
  }

  NDArray block(Ops ops, int index, NDArray x, RotaryTable.Rotation rotation, PatchGrid patches) {
    return ops.call(
        "vision_block",
        x,
        blocks.get(index),
        rotation.cos(),
        rotation.sin(),
        config.heads(),
        patches.attentionRuns(),
        NORM_EPS);
  }

  private NDArray merge(Ops ops, Merger merger, NDArray patches) {
    long width = (long) config.hidden() * config.mergeUnit();
    NDArray x =
        merger.normalise() == Normalise.PATCH
            ? ops.reshape(normalise(ops, merger, patches), -1, width)
            : normalise(ops, merger, ops.reshape(patches, -1, width));
    NDArray inner = ops.gelu(ops.linear(x, merger.inWeight(), merger.inBias()));
    return ops.linear(inner, merger.outWeight(), merger.outBias());
  }

  private static NDArray normalise(Ops ops, Merger merger, NDArray x) {
    return ops.layerNorm(x, merger.normWeight(), merger.normBias(), NORM_EPS);
  }
}
