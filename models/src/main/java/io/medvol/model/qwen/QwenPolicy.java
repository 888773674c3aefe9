package io.medvol.model.qwen;

import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.lora.AdapterMode;
import io.medvol.model.lora.AdapterSource;
import io.medvol.model.memory.ModelShape;
import io.medvol.model.policy.ChatMessage;
import io.medvol.model.policy.Completion;
import io.medvol.model.policy.EncodedPrompt;
import io.medvol.model.policy.ParameterLayout;
import io.medvol.model.policy.PolicyModel;
import io.medvol.model.policy.PolicyOptions;
import io.medvol.model.policy.SamplingParams;
import io.medvol.model.policy.TokenIds;
import io.medvol.model.policy.TokenObjective;
import io.medvol.model.policy.TokenValues;
import io.medvol.model.policy.TrainableParameters;
import io.medvol.model.tensor.TorchRuntime;
import io.medvol.model.tokenizer.PolicyTokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A policy of the Qwen-VL family.
 *
 * <p>The tokens that stand for pictures (image and video placeholder, vision start and end) have
 * probability 0: an answer that held one could not be read as a prompt again. Sampling, {@link
 * #logProbs} and {@link #accumulateGradient} use this same distribution, so that the importance
 * ratio of an unchanged policy is 1.
 */
public final class QwenPolicy implements PolicyModel {
  private final Optional<FrozenWeights> own;
  private final TorchRuntime runtime;
  private final PolicyTokenizer tokenizer;
  private final PromptEncoder prompts;
  private final QwenNetwork network;
  private final TrainableWeights trainable;
  private final TokenIds excluded;
  private final GroupDecoder decoder;
  private final QwenScorer scorer;

  /**
   * @param own the network's frozen weights, if they are no other policy's
   */
  QwenPolicy(
      ModelDirectory directory,
      TorchRuntime runtime,
      PolicyTokenizer tokenizer,
      Optional<FrozenWeights> own,
      QwenNetwork network,
      TrainableWeights trainable,
      PolicyOptions options) {
    this.own = own;
    this.runtime = runtime;
    this.tokenizer = tokenizer;
    this.network = network;
    this.prompts = new PromptEncoder(directory, tokenizer, network.config(), options.prompts());
    this.trainable = trainable;
    QwenConfig.SpecialTokens special = network.config().tokens();
    this.excluded =
        TokenIds.of(special.image(), special.video(), special.visionStart(), special.visionEnd());
    this.decoder = new GroupDecoder(runtime, network);
    this.scorer = new QwenScorer(runtime, network, excluded, options.checkpointing());
  }

  /**
   * Loads a policy from a model directory.
   *
   * @throws io.medvol.data.error.MedVolException INVALID_INPUT if a file is missing or describes
   *     another kind of model, MALFORMED_DATA if the weights cannot be read
   */
  public static QwenPolicy load(ModelDirectory directory, TrainableParameters which) {
    return load(directory, which, PolicyOptions.defaults());
  }

  /** {@link #load(ModelDirectory, TrainableParameters)} with options. */
  public static QwenPolicy load(
      ModelDirectory directory, TrainableParameters which, PolicyOptions options) {
    return new PolicyLoader(directory, options, Optional.empty()).load(which);
  }

  /**
   * Loads a policy that takes the weights it does not train from those given, where it puts them if
   * they are not there yet.
   */
  public static QwenPolicy load(
      ModelDirectory directory,
      TrainableParameters which,
      PolicyOptions options,
      FrozenWeights frozen) {
    return new PolicyLoader(directory, options, Optional.of(frozen)).load(which);
  }

  /**
   * Loads a policy of which only a low-rank adapter is trained.
   *
   * @throws io.medvol.data.error.MedVolException as {@link #load(ModelDirectory,
   *     TrainableParameters)}, and INVALID_INPUT if the adapter does not fit the model
   */
  public static QwenPolicy load(ModelDirectory directory, AdapterSource adapter) {
    return load(directory, adapter, PolicyOptions.defaults());
  }

  /** {@link #load(ModelDirectory, AdapterSource)} with options. */
  public static QwenPolicy load(
      ModelDirectory directory, AdapterSource adapter, PolicyOptions options) {
    return new PolicyLoader(directory, options, Optional.empty()).load(adapter);
  }

  /**
   * {@link #load(ModelDirectory, TrainableParameters, PolicyOptions, FrozenWeights)} with an
   * adapter; it cannot be merged into weights that others use.
   */
  public static QwenPolicy load(
      ModelDirectory directory,
      AdapterSource adapter,
      PolicyOptions options,
      FrozenWeights frozen) {
    return new PolicyLoader(directory, options, Optional.of(frozen)).load(adapter);
  }

  /**
   * The sizes of a model, from its {@code config.json} alone.
   *
   * @throws io.medvol.data.error.MedVolException INVALID_INPUT if it describes another kind
   */
  public static ModelShape shape(ModelDirectory directory) {
    return PolicyLoader.config(directory).shape();
  }

  @Override
  public EncodedPrompt encode(List<ChatMessage> messages) {
    return prompts.encode(messages);
  }

  @Override
  public int pictureEnd(EncodedPrompt prompt) {
    int end = prompt.tokens().length();
    while (end > 0 && !excluded.contains(prompt.tokens().at(end - 1))) {
      end--;
    }
    return end;
  }

  @Override
  public String answerOpening(EncodedPrompt prompt) {
    return prompts.opening(prompt.tokens());
  }

  @Override
  public TokenIds tokenize(String text) {
    prompts.requireNoMarkup(text);
    return tokenizer.encode(text);
  }

  @Override
  public String decode(TokenIds tokens) {
    return tokenizer.decode(tokens);
  }

  @Override
  public int endOfTurn() {
    return tokenizer.endOfTurnId();
  }

  @Override
  public List<Completion> sample(EncodedPrompt prompt, SamplingParams params, long[] seeds) {
    TokenSampler sampler =
        new TokenSampler(
            params,
            prompt.tokens(),
            excluded,
            tokenizer.endIds(),
            tokens -> holdsStopString(params, tokens),
            seeds);
    if (seeds.length > 0) {
      decoder.decode(
          Prompt.of(network.config(), prompt), seeds.length, params.maxNewTokens(), sampler);
    }
    List<Completion> completions = new ArrayList<>();
    for (int i = 0; i < seeds.length; i++) {
      TokenIds tokens = sampler.tokens(i);
      completions.add(
          new Completion(
              tokens, sampler.logProbs(i), tokenizer.decode(tokens), sampler.finishReason(i)));
    }
    return completions;
  }

  private boolean holdsStopString(SamplingParams params, TokenIds tokens) {
    if (params.stopStrings().isEmpty()) {
      return false;
    }
    String text = tokenizer.decode(tokens);
    return params.stopStrings().stream().anyMatch(text::contains);
  }

  @Override
  public List<TokenValues> logProbs(
      EncodedPrompt prompt, List<TokenIds> completions, double temperature) {
    return Arrays.stream(scorer.logProbs(group(prompt, completions, temperature), temperature))
        .map(TokenValues::of)
        .toList();
  }

  @Override
  public void accumulateGradient(
      EncodedPrompt prompt,
      List<TokenIds> completions,
      double temperature,
      TokenObjective objective,
      float[] gradient) {
    if (network.adapter().isPresent() && !adapterIs(AdapterMode.ACTIVE)) {
      throw new IllegalStateException("Only an active adapter has gradients");
    }
    if (gradient.length != layout().size()) {
      throw new IllegalArgumentException(
          gradient.length + " gradient values for " + layout().size() + " parameters");
    }
    scorer.accumulate(
        group(prompt, completions, temperature),
        temperature,
        objective,
        layout(),
        trainable.leaves(),
        gradient);
  }

  private PackedGroup group(EncodedPrompt prompt, List<TokenIds> completions, double temperature) {
    if (!(temperature > 0) || Double.isInfinite(temperature)) {
      throw new IllegalArgumentException(
          "Log-probabilities need a temperature above 0, not " + temperature);
    }
    completions.forEach(completion -> Prompt.requireIds(network.config(), completion));
    return new PackedGroup(Prompt.of(network.config(), prompt), completions);
  }

  /**
   * Switches the adapter; it is active at first.
   *
   * @throws IllegalStateException if the policy has none, or it would be merged into weights that
   *     other policies use
   */
  public void useAdapter(AdapterMode mode) {
    if (mode == AdapterMode.MERGED && own.isEmpty()) {
      throw new IllegalStateException("Other policies use these weights: nothing can be merged");
    }
    network
        .adapter()
        .orElseThrow(() -> new IllegalStateException("The policy has no adapter"))
        .use(mode);
  }

  private boolean adapterIs(AdapterMode mode) {
    return network.adapter().filter(adapter -> adapter.mode() == mode).isPresent();
  }

  @Override
  public ParameterLayout layout() {
    return trainable.layout();
  }

  @Override
  public float[] parameters() {
    return trainable.values();
  }

  @Override
  public void setParameters(float[] parameters) {
    if (adapterIs(AdapterMode.MERGED)) {
      throw new IllegalStateException("A merged adapter cannot change");
    }
    trainable.set(parameters);
  }

  /** Native tensors that are alive, without those of weights that other policies use too. */
  public int liveTensors() {
    return runtime.liveTensors() + own.map(FrozenWeights::liveTensors).orElse(0);
  }

  @Override
  public void close() {
    network.close();
    runtime.close();
    own.ifPresent(FrozenWeights::close);
    tokenizer.close();
  }
}
