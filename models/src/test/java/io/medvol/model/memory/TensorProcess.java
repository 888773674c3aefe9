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
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Samples and updates in a process whose heap is resident from the start and whose allocator keeps
 * nothing, and tells the native memory that each took.
 */
final class TensorProcess {
  private static final int SLICES = 24;
  private static final int SIDE = 112;
  private static final int GROUP = 8;
  private static final int TOKENS = 24;
  private static final String MARK = "peaks ";
  private static final LoraConfig LORA =
      new LoraConfig(4, 8, TargetModules.Expression.of(".*language_model.*_proj"));

  private TensorProcess() {}

  /** Bytes beside the weights. */
  record Peaks(Workload work, double rollout, double update) {}

  /** Peaks with every activation kept and with layers computed again. */
  static List<Peaks> run(Path model) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(List.of("-Xms192m", "-Xmx192m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC"));
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Dai.djl.offline=true"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(TensorProcess.class.getName(), model.toString()));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("MALLOC_MMAP_THRESHOLD_", "65536");
    builder.environment().put("MALLOC_TRIM_THRESHOLD_", "65536");
    List<Peaks> peaks = new ArrayList<>();
    Process process = builder.start();
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(MARK)) {
          peaks.add(parse(line.substring(MARK.length()).split(" ")));
        }
      }
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
        System.out.printf(
            "%s%s %d %d %d %d %d%n",
            MARK,
            checkpointing,
            prompt.tokens().length(),
            prompt.grids().stream().mapToInt(ImageGrid::patches).sum(),
            policy.layout().size(),
            peaks[0],
            peaks[1]);
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
    long before = forgetPeak();
    List<TokenIds> drawn =
        policy.sample(prompt, params, LongStream.range(0, GROUP).toArray()).stream()
            .map(Completion::tokens)
            .toList();
    long rollout = resident("VmHWM") - before;
    before = forgetPeak();
    float[] gradient = new float[policy.layout().size()];
    policy.accumulateGradient(prompt, drawn, 1, (logProbs, entropies) -> ones(logProbs), gradient);
    return new long[] {rollout, resident("VmHWM") - before};
  }

  private static double[][] ones(double[][] logProbs) {
    double[][] ones = new double[logProbs.length][];
    for (int i = 0; i < ones.length; i++) {
      ones[i] = new double[logProbs[i].length];
      Arrays.fill(ones[i], 1);
    }
    return ones;
  }

  /** Begins a new peak and tells what is resident now. */
  private static long forgetPeak() throws IOException {
    Files.writeString(Path.of("/proc/self/clear_refs"), "5");
    return resident("VmRSS");
  }

  private static long resident(String what) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith(what)) {
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
      }
    }
    throw new IOException("No " + what);
  }
}
