package io.medvol.model.memory;

import io.medvol.model.Policies;
import io.medvol.model.lora.FreshAdapter;
import io.medvol.model.lora.LoraConfig;
import io.medvol.model.lora.TargetModules;
import io.medvol.model.memory.Workload.Trained;
import io.medvol.model.policy.ActivationCheckpointing;
import io.medvol.model.policy.ChatMessage;
import io.medvol.model.policy.Completion;
import io.medvol.model.policy.EncodedPrompt;
import io.medvol.model.policy.ImageGrid;
import io.medvol.model.policy.PolicyModel;
import io.medvol.model.policy.PolicyOptions;
import io.medvol.model.policy.RgbImage;
import io.medvol.model.policy.SamplingParams;
import io.medvol.model.policy.TokenIds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;

/** Samples and updates in a process of its own, and tells the native memory that each took. */
final class TensorProcess {
  private static final int SLICES = 24;
  private static final int SIDE = 112;
  private static final int GROUP = 8;
  private static final int TOKENS = 24;
  private static final LoraConfig LORA =
      new LoraConfig(4, 8, TargetModules.Expression.of(".*language_model.*_proj"));

  private TensorProcess() {}

  /** Bytes beside the weights. */
  record Peaks(Workload work, double rollout, double update) {}

  /** Peaks with every activation kept and with layers computed again. */
  static List<Peaks> run(Path model) throws IOException {
    List<Peaks> peaks = new ArrayList<>();
    for (String line : PinnedProcess.run(TensorProcess.class, model.toString())) {
      peaks.add(parse(line.split(" ")));
    }
    if (peaks.size() != ActivationCheckpointing.values().length) {
      throw new IOException("The process ended early");
    }
    return peaks;
  }

  private static Peaks parse(String[] values) {
    Workload work =
        new Workload(
            Integer.parseInt(values[1]),
            Integer.parseInt(values[2]),
            GROUP,
            TOKENS,
            options(ActivationCheckpointing.valueOf(values[0])),
            Trained.ADAPTER,
            Integer.parseInt(values[3]));
    return new Peaks(work, Long.parseLong(values[4]), Long.parseLong(values[5]));
  }

  private static PolicyOptions options(ActivationCheckpointing checkpointing) {
    return PolicyOptions.defaults().withFeatureCacheBytes(0).withCheckpointing(checkpointing);
  }

  /** Prints the peaks of a model; for {@link #run} only. */
  public static void main(String[] arguments) throws IOException {
    for (ActivationCheckpointing checkpointing : ActivationCheckpointing.values()) {
      try (PolicyModel policy =
          Policies.loadAdapted(
              Path.of(arguments[0]), new FreshAdapter(LORA, 1), options(checkpointing), 1)) {
        EncodedPrompt prompt = prompt(policy);
        // Libraries keep buffers once they have been used.
        measure(policy, prompt);
        long[] peaks = measure(policy, prompt);
        PinnedProcess.report(
            String.format(
                "%s %d %d %d %d %d",
                checkpointing,
                prompt.tokens().length(),
                prompt.grids().stream().mapToInt(ImageGrid::patches).sum(),
                policy.layout().size(),
                peaks[0],
                peaks[1]));
      }
    }
  }

  private static EncodedPrompt prompt(PolicyModel policy) {
    RgbImage slice = new RgbImage(SIDE, SIDE, new byte[3 * SIDE * SIDE]);
    List<ChatMessage.Part> parts =
        new ArrayList<>(Collections.nCopies(SLICES, new ChatMessage.Image(slice)));
    parts.add(new ChatMessage.Text("Where is the liver?"));
    return policy.encode(List.of(ChatMessage.user(parts)));
  }

  private static long[] measure(PolicyModel policy, EncodedPrompt prompt) throws IOException {
    SamplingParams params = new SamplingParams(1, TOKENS).withMinNewTokens(TOKENS);
    long before = PinnedProcess.forgetPeak();
    List<TokenIds> drawn =
        policy.sample(prompt, params, LongStream.range(0, GROUP).toArray()).stream()
            .map(Completion::tokens)
            .toList();
    long rollout = PinnedProcess.peak() - before;
    before = PinnedProcess.forgetPeak();
    float[] gradient = new float[policy.layout().size()];
    policy.accumulateGradient(prompt, drawn, 1, (logProbs, entropies) -> ones(logProbs), gradient);
    return new long[] {rollout, PinnedProcess.peak() - before};
  }

  private static double[][] ones(double[][] logProbs) {
    double[][] ones = new double[logProbs.length][];
    for (int i = 0; i < ones.length; i++) {
      ones[i] = new double[logProbs[i].length];
      Arrays.fill(ones[i], 1);
    }
    return ones;
  }
}
