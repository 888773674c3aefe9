package io.medvol.model.qwen;

import io.medvol.data.error.MedVolException;
import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.lora.AdapterSource;
import io.medvol.model.policy.PolicyOptions;
import io.medvol.model.policy.TrainableParameters;
import io.medvol.model.tensor.TorchRuntime;
import io.medvol.model.tokenizer.PolicyTokenizer;
import io.medvol.model.weights.WeightFiles;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Predicate;

/** Puts a policy together from a model directory; what was opened is closed if that fails. */
final class PolicyLoader {
  private final ModelDirectory directory;
  private final PolicyOptions options;
  private final Optional<FrozenWeights> shared;

  /**
   * @param shared where the weights that are not trained are held, unless the policy is to have its
   *     own
   */
  PolicyLoader(ModelDirectory directory, PolicyOptions options, Optional<FrozenWeights> shared) {
    this.directory = directory;
    this.options = options;
    this.shared = shared;
  }

  /**
   * @throws MedVolException INVALID_INPUT if it describes another kind of model
   */
  static QwenConfig config(ModelDirectory directory) {
    return QwenConfigReader.read(
        directory.config(),
        directory.root().resolve("config.json").toString(),
        directory::addedTokens);
  }

  QwenPolicy load(TrainableParameters which) {
    HubNames names = config(directory).names();
    return load(
        Optional.empty(),
        name -> TrainableWeights.covers(which, names, name),
        which == TrainableParameters.ALL ? 0 : options.featureCacheBytes(),
        (runtime, network) -> TrainableWeights.of(runtime, network, which));
  }

  QwenPolicy load(AdapterSource adapter) {
    return load(
        Optional.of(adapter),
        name -> false,
        options.featureCacheBytes(),
        (runtime, network) -> TrainableWeights.of(runtime, network.adapter().orElseThrow()));
  }

  private interface Selection {
    TrainableWeights of(TorchRuntime runtime, QwenNetwork network);
  }

  private QwenPolicy load(
      Optional<AdapterSource> adapter,
      Predicate<String> trained,
      long cacheBytes,
      Selection trainable) {
    QwenConfig config = config(directory);
    Deque<Runnable> undo = new ArrayDeque<>();
    try (WeightFiles files = config.names().open(directory.weightFiles())) {
      PolicyTokenizer tokenizer = PolicyTokenizer.open(directory);
      undo.push(tokenizer::close);
      TorchRuntime runtime = TorchRuntime.open();
      undo.push(runtime::close);
      Optional<FrozenWeights> own =
          shared.isPresent() ? Optional.empty() : Optional.of(FrozenWeights.open());
      own.ifPresent(weights -> undo.push(weights::close));
      WeightTypes types = WeightTypes.of(options.precision(), trained);
      Weights weights =
          new Weights(runtime, files, types, adapter, own.or(() -> shared).orElseThrow());
      undo.push(weights::close);
      QwenNetwork network = new QwenNetwork(config, runtime, files, weights, types, cacheBytes);
      QwenPolicy policy =
          new QwenPolicy(
              directory, runtime, tokenizer, own, network, trainable.of(runtime, network), options);
      undo.clear();
      return policy;
    } finally {
      undo.forEach(Runnable::run);
    }
  }
}
