package io.medvol.bench.leak;

import io.medvol.bench.memory.ResidentMemory;
import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.policy.ActivationCheckpointing;
import io.medvol.model.policy.ChatMessage;
import io.medvol.model.policy.Completion;
import io.medvol.model.policy.EncodedPrompt;
import io.medvol.model.policy.PolicyOptions;
import io.medvol.model.policy.RgbImage;
import io.medvol.model.policy.SamplingParams;
import io.medvol.model.policy.TokenIds;
import io.medvol.model.policy.TrainableParameters;
import io.medvol.model.qwen.QwenPolicy;
import io.medvol.model.tensor.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/**
 * Samples a group and takes an update, again and again, and prints native memory and live tensors
 * on the way. Ends with status 1 where memory grew by more than 16 MiB after the first tenth, or a
 * tensor was left over. Run it with a heap of fixed size, touched at the start: BENCH_HEAP=600m.
 */
public final class LeakRun implements Callable<Integer> {
  private static final long LARGEST_GROWTH = 16L << 20;

  @Option(names = "--model", description = "Folder of the model.")
  private Path model = Path.of("testdata", "tiny-qwen3-vl");

  @Option(names = "--updates")
  private int updates = 1000;

  @Option(names = "--threads")
  private int threads = 1;

  @Option(names = "--checkpointing", description = "NONE or LAYERS.")
  private ActivationCheckpointing checkpointing = ActivationCheckpointing.NONE;

  public static void main(String[] args) {
    System.exit(new CommandLine(new LeakRun()).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    TorchRuntime.setIntraOpThreads(threads);
    PolicyOptions options = PolicyOptions.defaults().withCheckpointing(checkpointing);
    try (QwenPolicy policy =
        QwenPolicy.load(ModelDirectory.open(model), TrainableParameters.ALL, options)) {
      EncodedPrompt prompt = policy.encode(List.of(question()));
      float[] gradient = new float[policy.layout().size()];
      float[] parameters = policy.parameters();
      int every = Math.max(1, updates / 10);
      long first = 0;
      int tensors = 0;
      for (int step = 1; step <= updates; step++) {
        update(policy, prompt, parameters, gradient, step);
        if (step % every == 0) {
          System.gc();
          long bytes = ResidentMemory.anonymous() - Runtime.getRuntime().totalMemory();
          System.out.printf(
              "%5d updates: %7.1f MiB beside the heap, %d live tensors%n",
              step, bytes / 1048576.0, policy.liveTensors());
          if (first == 0) {
            first = bytes;
            tensors = policy.liveTensors();
          }
          if (bytes - first > LARGEST_GROWTH || policy.liveTensors() != tensors) {
            System.out.println("It grows");
            return 1;
          }
        }
      }
    }
    return 0;
  }

  private static void update(
      QwenPolicy policy, EncodedPrompt prompt, float[] parameters, float[] gradient, int step) {
    List<TokenIds> drawn =
        policy.sample(prompt, new SamplingParams(1, 6), new long[] {step, -step}).stream()
            .map(Completion::tokens)
            .toList();
    Arrays.fill(gradient, 0);
    policy.accumulateGradient(prompt, drawn, 1, LeakRun::ones, gradient);
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] += 1e-6f * gradient[i];
    }
    policy.setParameters(parameters);
  }

  private static double[][] ones(double[][] logProbs, double[][] entropies) {
    double[][] seeds = new double[logProbs.length][];
    for (int i = 0; i < seeds.length; i++) {
      seeds[i] = new double[logProbs[i].length];
      Arrays.fill(seeds[i], 1);
    }
    return seeds;
  }

  private static ChatMessage question() {
    byte[] rgb = new byte[64 * 64 * 3];
    new Random(5).nextBytes(rgb);
    return ChatMessage.user(
        List.of(
            new ChatMessage.Image(new RgbImage(64, 64, rgb)),
            new ChatMessage.Text("Where is the liver?")));
  }
}
