package io.medvol.bench.policy;

import io.medvol.model.Policies;
import io.medvol.model.policy.EncodedPrompt;
import io.medvol.model.policy.PolicyModel;
import io.medvol.model.policy.SamplingParams;
import io.medvol.model.policy.TrainableParameters;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Greedy decoding of one sequence, without its prompt; prints one JSON line. */
@Command(name = "decode", mixinStandardHelpOptions = true)
final class DecodeRun implements Runnable {
  @Option(names = "--model", required = true, description = "Folder the peer's model was saved to.")
  private Path model;

  @Option(names = "--slices", defaultValue = "16")
  private int slices;

  @Option(names = "--length", defaultValue = "128")
  private int length;

  @Option(names = "--steps", defaultValue = "5")
  private int steps;

  @Option(names = "--threads", defaultValue = "2")
  private int threads;

  /** Runs the command. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new DecodeRun()).execute(arguments));
  }

  @Override
  public void run() {
    PeerPrompt source = PeerPrompt.read(model, slices);
    try (PolicyModel policy = Policies.load(model, TrainableParameters.LANGUAGE_MODEL, threads)) {
      EncodedPrompt prompt = policy.encode(source.messages(0));
      double best = Double.POSITIVE_INFINITY;
      for (int i = 0; i < steps; i++) {
        best = Math.min(best, seconds(policy, prompt, length + 1) - seconds(policy, prompt, 1));
      }
      System.out.printf(
          "{\"peer\":\"medvol\",\"slices\":%d,\"threads\":%d,\"tokens\":%d,\"seconds\":%.4f,"
              + "\"tokens_per_second\":%.2f,\"peak_rss_mb\":%d}%n",
          slices, threads, length, best, length / best, Meter.peakResidentMebibytes());
    }
  }

  private static double seconds(PolicyModel policy, EncodedPrompt prompt, int tokens) {
    long start = System.nanoTime();
    policy.sample(prompt, new SamplingParams(0, tokens).withMinNewTokens(tokens), new long[] {1});
    return (System.nanoTime() - start) / 1e9;
  }
}
