package io.medvol.model.qwen;

import ai.djl.ndarray.NDArray;
import io.medvol.model.lora.AdapterSource;
import io.medvol.model.policy.TokenIds;
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
  private final VisionTower vision;
  private final Decoder decoder;

  /** Loads a network without an adapter. */
  QwenNetwork(QwenConfig config, TorchRuntime runtime, WeightFiles files) {
    this(config, runtime, files, Optional.empty());
  }

  /**
   * Loads the weights that the configuration implies.
   *
   * @throws io.medvol.data.error.MedVolException INVALID_INPUT if one is missing or has another
   *     shape, or if the adapter does not fit
   */
  QwenNetwork(
      QwenConfig config, TorchRuntime runtime, WeightFiles files, Optional<AdapterSource> adapter) {
    this.config = config;
    this.weights = new Weights(runtime, files, config.names(), adapter);
    this.vision = new VisionTower(config.vision(), weights, config.names().vision());
    this.decoder =
        new Decoder(
            config.text(), weights, config.names().decoder(), config.tiedHead() ? null : HEAD);
    weights.adapter().ifPresent(LoraAdapter::requireComplete);
    weights.finish();
    files.requireOnly(
        tensors().keySet(), name -> name.equals(HEAD) || name.endsWith(".rotary_emb.inv_freq"));
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

  /** The final hidden rows that predict the tokens of the completions, {@code [target][hidden]}. */
  NDArray predictors(TensorScope scope, PackedGroup group) {
    NDArray x = hidden(scope, group, layer -> {});
    return scope.ops().indexSelect(x, 0, scope.indices(group.predictors()));
  }

  /**
   * The final hidden rows of all tokens.
   *
   * @param observer sees the input of the first layer and the output of each, before deepstack
   *     features are added to it
   */
  NDArray hidden(TensorScope scope, PackedGroup group, Consumer<NDArray> observer) {
    RotaryTable.Rotation rotation = group.rotary(config.text()).in(scope);
    int prompt = group.prompt().length();
    List<NDArray> masks =
        group.blocks().stream()
            .map(block -> scope.floats(block.mask(), block.size(), prompt + block.size()))
            .toList();
    NDArray x =
        layers(
            scope,
            group.prompt(),
            group.ids(),
            observer,
            (index, in) -> decoder.layer(scope.ops(), index, in, rotation, masks, prompt));
    return decoder.finalNorm(scope.ops(), x);
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
    return ops.linear(last, decoder.head());
  }

  private interface Layer {
    NDArray apply(int index, NDArray x);
  }

  private NDArray layers(
      TensorScope scope, Prompt prompt, int[] ids, Consumer<NDArray> observer, Layer layer) {
    Ops ops = scope.ops();
    NDArray imageRows = scope.indices(prompt.imageTokens().toArray());
    VisionFeatures features = null;
    NDArray x = decoder.embed(ops, scope.indices(ids));
    if (prompt.hasImages()) {
      features = vision.encode(scope, prompt.encoded().pixelValues(), prompt.patches());
      x = ops.indexCopy(x, 0, imageRows, features.merged());
    }
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

  /** Zeros, and minus infinity for the ids given: what is added to logits before sampling. */
  NDArray logitBias(TensorScope scope, TokenIds excluded) {
    float[] bias = new float[config.text().vocabulary()];
    for (int id : excluded.toArray()) {
      bias[id] = Float.NEGATIVE_INFINITY;
    }
    return scope.floats(bias, bias.length);
  }

  /**
   * What each completion's next token sees in the cache of a group, {@code [shared head x
   * completion][key]}: the prompt and its own column of each step.
   */
  NDArray groupMask(TensorScope scope, int prompt, int group, int steps) {
    int shared = config.text().heads() / config.text().keyValueHeads();
    int keys = Math.addExact(prompt, Math.multiplyExact(group, steps));
    float[] mask = new float[Math.multiplyExact(shared * group, keys)];
    for (int row = 0; row < shared * group; row++) {
      Arrays.fill(mask, row * keys + prompt, (row + 1) * keys, Float.NEGATIVE_INFINITY);
      for (int step = 0; step < steps; step++) {
        mask[row * keys + prompt + step * group + row % group] = 0;
      }
    }
    return scope.floats(mask, (long) shared * group, keys);
  }

  @Override
  public void close() {
    weights.close();
  }
}
