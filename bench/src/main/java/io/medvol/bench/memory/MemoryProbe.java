package io.medvol.bench.memory;

import io.medvol.model.Policies;
import io.medvol.model.lora.FreshAdapter;
import io.medvol.model.lora.LoraConfig;
import io.medvol.model.lora.TargetModules;
import io.medvol.model.memory.Workload;
import io.medvol.model.memory.Workload.Trained;
import io.medvol.model.policy.ChatMessage;
import io.medvol.model.policy.Completion;
import io.medvol.model.policy.EncodedPrompt;
import io.medvol.model.policy.ImageGrid;
import io.medvol.model.policy.PolicyModel;
import io.medvol.model.policy.PolicyOptions;
import io.medvol.model.policy.RgbImage;
import io.medvol.model.policy.SamplingParams;
import io.medvol.model.policy.TokenIds;
import io.medvol.model.policy.TrainableParameters;
import io.medvol.model.tensor.DType;
import io.medvol.model.tensor.GradientMode;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/**
 * Loads a model, samples a group and takes one update, and tells the time and the memory each took.
 * What the process held before loading (the Java heap, libtorch) is not counted, so run it with a
 * heap of fixed size, touched at the start.
 */
public final class MemoryProbe {
  /** What is trained. */
  public enum Tuning {
    /** Adapters of rank 8 on every projection of attention in the decoder. */
    LORA(Trained.ATTENTION_ADAPTER, "self_attn\\.[qkvo]_proj"),
    /** The same on every projection of the decoder. */
    LORA_ALL(Trained.ADAPTER, "(self_attn|mlp)\\.[a-z]+_proj"),
    ALL(Trained.ALL, "");

    private final Trained trained;
    private final String targets;

    Tuning(Trained trained, String targets) {
      this.trained = trained;
      this.targets = targets;
    }
  }

  /**
   * What is done.
   *
   * @param size rows and columns of a slice in pixels
   */
  public record Work(
      Path model,
      int slices,
      int size,
      int group,
      int tokens,
      Tuning tuning,
      int threads,
      PolicyOptions options) {

    /** What the estimator is asked. */
    Workload workload(int promptTokens, int patches, long parameters) {
      return new Workload(
          promptTokens,
          patches,
          group,
          tokens,
          options,
          tuning.trained,
          tuning == Tuning.ALL ? 0 : parameters);
    }
  }

  /** Bytes above those before loading, and seconds. */
  public record Result(
      int promptTokens,
      int patches,
      long parameters,
      long before,
      long loaded,
      long rollout,
      long update,
      double loadSeconds,
      double rolloutSeconds,
      double updateSeconds,
      long largest) {

    /** The same work as the estimator is asked about it. */
    public Workload workload(Work work) {
      return work.workload(promptTokens, patches, parameters);
    }
  }

  private MemoryProbe() {}

  /** Does the work. */
  public static Result run(Work work) throws IOException {
    TorchRuntime.setIntraOpThreads(work.threads());
    warmUp();
    long before = ResidentMemory.now();
    ResidentMemory.forgetPeak();
    long start = System.nanoTime();
    try (PolicyModel policy = load(work)) {
      double loadSeconds = seconds(start);
      long loaded = ResidentMemory.now() - before;
      long largest = ResidentMemory.peak();
      EncodedPrompt prompt = policy.encode(List.of(question(work)));
      ResidentMemory.forgetPeak();
      start = System.nanoTime();
      // A least length keeps the amount of work from depending on the weights.
      SamplingParams params = new SamplingParams(1, work.tokens()).withMinNewTokens(work.tokens());
      List<TokenIds> drawn =
          policy.sample(prompt, params, LongStream.range(0, work.group()).toArray()).stream()
              .map(Completion::tokens)
              .toList();
      double rolloutSeconds = seconds(start);
      long rollout = ResidentMemory.peak();
      float[] gradient = new float[policy.layout().size()];
      ResidentMemory.forgetPeak();
      start = System.nanoTime();
      policy.accumulateGradient(prompt, drawn, 1, MemoryProbe::rising, gradient);
      step(policy, gradient);
      double updateSeconds = seconds(start);
      long update = ResidentMemory.peak();
      return new Result(
          prompt.tokens().length(),
          prompt.grids().stream().mapToInt(ImageGrid::patches).sum(),
          policy.layout().size(),
          before,
          loaded,
          rollout - before,
          update - before,
          loadSeconds,
          rolloutSeconds,
          updateSeconds,
          Math.max(largest, Math.max(rollout, update)));
    }
  }

  private static PolicyModel load(Work work) {
    if (work.tuning() == Tuning.ALL) {
      return Policies.load(work.model(), TrainableParameters.ALL, work.options(), work.threads());
    }
    LoraConfig lora =
        new LoraConfig(
            8, 16, TargetModules.Expression.of(".*language_model.*\\." + work.tuning().targets));
    return Policies.loadAdapted(
        work.model(), new FreshAdapter(lora, 1), work.options(), work.threads());
  }

  private static void warmUp() {
    try (TorchRuntime runtime = TorchRuntime.open();
        TensorScope scope = runtime.compute(GradientMode.NONE)) {
      scope
          .ops()
          .matmul(scope.ops().zeros(DType.F32, 64, 64), scope.ops().zeros(DType.F32, 64, 64));
    }
  }

  private static ChatMessage question(Work work) {
    Random random = new Random(3);
    List<ChatMessage.Part> parts = new ArrayList<>();
    for (int i = 0; i < work.slices(); i++) {
      byte[] rgb = new byte[work.size() * work.size() * 3];
      random.nextBytes(rgb);
      parts.add(new ChatMessage.Image(new RgbImage(work.size(), work.size(), rgb)));
    }
    parts.add(new ChatMessage.Text("On which slice does the liver appear largest?"));
    return ChatMessage.user(parts);
  }

  /** Advantages that differ by completion. */
  private static double[][] rising(double[][] logProbs, double[][] entropies) {
    double[][] seeds = new double[logProbs.length][];
    for (int i = 0; i < seeds.length; i++) {
      seeds[i] = new double[logProbs[i].length];
      Arrays.fill(seeds[i], (i + 1.0) / seeds.length);
    }
    return seeds;
  }

  private static void step(PolicyModel policy, float[] gradient) {
    float[] parameters = policy.parameters();
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] += 1e-4f * gradient[i];
    }
    policy.setParameters(parameters);
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
