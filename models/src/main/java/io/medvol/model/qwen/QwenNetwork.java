package io.medvol.model.qwen;

import ai.djl.ndarray.NDArray;
import io.medvol.model.policy.TokenIds;
import io.medvol.model.tensor.DType;
import io.medvol.model.tensor.Ops;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.TorchRuntime;
import io.medvol.model.weights.WeightFiles;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;

/** Vision tower and decoder with their weights. {@link #close} frees the weights. */
final class QwenNetwork implements AutoCloseable {
  private static final String HEAD = "lm_head.weight";

  private final QwenConfig config;
  private final Weights weights;
  private final WeightTypes types;
  private final VisionTower vision;
  private final Decoder decoder;
  private final PictureSource pictures;
  private final Optional<FeatureCache> cache;

  /**
   * Loads the weights that the configuration implies.
   *
   * @param files of the weights
   * @param weights loads them; now belongs to the network and is closed with it
   * @param cacheBytes for features of pictures seen before; 0 where the tower's weights may change
   * @throws io.medvol.data.error.MedVolException INVALID_INPUT if one is missing or has another
   *     shape, or if the adapter does not fit
   */
  QwenNetwork(
      QwenConfig config,
      TorchRuntime runtime,
      WeightFiles files,
      Weights weights,
      WeightTypes types,
      long cacheBytes) {
    this.config = config;
    this.types = types;
    this.weights = weights;
    this.vision = new VisionTower(config.vision(), weights, config.names().vision());
    this.decoder =
        new Decoder(
            config.text(), weights, config.names().decoder(), config.tiedHead() ? null : HEAD);
    weights.adapter().ifPresent(LoraAdapter::requireComplete);
    weights.finish();
    files.requireOnly(
        tensors().keySet(), name -> name.equals(HEAD) || name.endsWith(".rotary_emb.inv_freq"));
    PictureSource tower =
        (scope, prompt) ->
            vision.encode(scope, prompt.encoded().pixelValues(), prompt.patches(), types.compute());
    boolean fixed =
        weights.adapter().stream()
            .noneMatch(one -> one.adapts(module -> module.startsWith(config.names().vision())));
    this.cache =
        cacheBytes > 0 && fixed
            ? Optional.of(new FeatureCache(runtime, tower, cacheBytes))
            : Optional.empty();
    this.pictures = cache.map(PictureSource.class::cast).orElse(tower);
  }

  QwenConfig config() {
    return config;
  }

  VisionTower vision() {
    return vision;
  }

  Decoder decoder() {
    return decoder;
  }

  /** The name of the tensor that the output head uses. */
  String headName() {
    return config.tiedHead() ? config.names().decoder() + "embed_tokens.weight" : HEAD;
  }

  /** The weights by their names on the hub, without those of the adapter. */
  SortedMap<String, NDArray> tensors() {
    return weights.tensors();
  }

  Optional<LoraAdapter> adapter() {
    return weights.adapter();
  }

  /** What activations are computed in. */
  DType compute() {
    return types.compute();
  }

  /** Features of the pictures of a prompt that has some. */
  VisionFeatures pictures(TensorScope scope, Prompt prompt) {
    return pictures.of(scope, prompt);
  }

  /** The final hidden rows that predict the tokens of the completions, {@code [target][hidden]}. */
  NDArray predictors(TensorScope scope, PackedGroup group) {
    return predictors(scope, group, hidden(scope, group, layer -> {}));
  }

  /** Those rows among the final hidden rows of all tokens. */
  NDArray predictors(TensorScope scope, PackedGroup group, NDArray hidden) {
    return scope.ops().indexSelect(hidden, 0, scope.indices(group.predictors()));
  }

  /**
   * The final hidden rows of all tokens.
   *
   * @param observer sees the input of the first layer and the output of each, before deepstack
   *     features are added to it
   */
  NDArray hidden(TensorScope scope, PackedGroup group, Consumer<NDArray> observer) {
    GroupLayer layer = groupLayer(scope, group);
    NDArray x =
        layers(
            scope,
            group.prompt(),
            group.ids(),
            observer,
            (index, in) -> layer.apply(scope.ops(), index, in));
    return decoder.finalNorm(scope.ops(), x);
  }

  /** A layer over the row of a group, with operations of any scope. */
  interface GroupLayer {
    NDArray apply(Ops ops, int index, NDArray x);
  }

  /**
   * The layers over the row of a group.
   *
   * @param scope owns what they share: rotations and masks
   */
  GroupLayer groupLayer(TensorScope scope, PackedGroup group) {
    RotaryTable.Rotation rotation = group.rotary(config.text()).in(scope);
    int prompt = group.prompt().length();
    List<NDArray> masks =
        group.blocks().stream()
            .map(
                block ->
                    computed(
                        scope, scope.floats(block.mask(), block.size(), prompt + block.size())))
            .toList();
    return (ops, index, x) -> decoder.layer(ops, index, x, rotation, masks, prompt);
  }

  private NDArray computed(TensorScope scope, NDArray x) {
    return scope.ops().cast(x, compute());
  }

  /** Runs a prompt and fills the cache; gives the logits behind its last token. */
  NDArray prefill(TensorScope scope, Prompt prompt, KvCache cache) {
    Ops ops = scope.ops();
    RotaryTable.Rotation rotation = RotaryTable.of(config.text(), prompt.positions()).in(scope);
    int[] ids = prompt.encoded().tokens().toArray();
    NDArray x =
        layers(
            scope,
            prompt,
            ids,
            layer -> {},
            (index, in) -> decoder.prefillLayer(ops, index, in, rotation, cache));
    NDArray last = decoder.finalNorm(ops, ops.narrow(x, 0, ids.length - 1, 1));
    return ops.cast(ops.call("project", last, decoder.outputs(), 0), DType.F32);
  }

  private interface Layer {
    NDArray apply(int index, NDArray x);
  }

  private NDArray layers(
      TensorScope scope, Prompt prompt, int[] ids, Consumer<NDArray> observer, Layer layer) {
    Ops ops = scope.ops();
    NDArray imageRows = scope.indices(prompt.imageTokens().toArray());
    VisionFeatures features = prompt.hasImages() ? pictures(scope, prompt) : null;
    NDArray x = embed(scope, ids, imageRows, features);
    observer.accept(x);
    for (int i = 0; i < decoder.layers(); i++) {
      NDArray out = layer.apply(i, x);
      observer.accept(out);
      if (features != null && i < features.deepstack().size()) {
        NDArray added = ops.indexAdd(out, 0, imageRows, features.deepstack().get(i));
        out.close();
        out = added;
      }
      x.close();
      x = out;
    }
    return x;
  }

  /**
   * The input of the first layer.
   *
   * @param features in place of the tokens at the rows given; null without pictures
   */
  NDArray embed(TensorScope scope, int[] ids, NDArray imageRows, VisionFeatures features) {
    try (TensorScope passing = scope.child()) {
      NDArray x = computed(passing, decoder.embed(passing.ops(), passing.indices(ids)));
      return scope.keep(
          features == null ? x : passing.ops().indexCopy(x, 0, imageRows, features.merged()));
    }
  }

  /** Zeros, and minus infinity for the ids given: what is added to logits before sampling. */
  NDArray logitBias(TensorScope scope, TokenIds excluded) {
    float[] bias = new float[config.text().vocabulary()];
    for (int id : excluded.toArray()) {
      bias[id] = Float.NEGATIVE_INFINITY;
    }
    return scope.floats(bias, bias.length);
  }

  /**
   * What the next tokens of some completions see in the cache of their group, {@code [shared head x
   * completion][key]}: the prompt, and their own columns of all steps.
   */
  NDArray groupMask(TensorScope scope, KvCache cache, int[] completions) {
    int shared = config.text().heads() / config.text().keyValueHeads();
    int count = completions.length;
    int keys = cache.prompt() + cache.group() * cache.maxSteps();
    float[] mask = new float[Math.multiplyExact(Math.multiplyExact(shared, count), keys)];
    for (int row = 0; row < shared * count; row++) {
      int first = row * keys + cache.prompt();
      Arrays.fill(mask, first, (row + 1) * keys, Float.NEGATIVE_INFINITY);
      for (int step = 0; step < cache.maxSteps(); step++) {
        mask[first + step * cache.group() + completions[row % count]] = 0;
      }
    }
    try (TensorScope passing = scope.child()) {
      NDArray wide = passing.floats(mask, (long) shared * count, keys);
      return scope.keep(computed(passing, wide));
    }
  }

  @Override
  public void close() {
    cache.ifPresent(FeatureCache::close);
    weights.close();
  }
}
