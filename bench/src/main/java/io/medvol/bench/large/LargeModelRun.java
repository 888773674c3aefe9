package io.medvol.bench.large;

import io.medvol.bench.memory.MemoryProbe;
import io.medvol.model.Policies;
import io.medvol.model.memory.MemoryEstimator;
import io.medvol.model.memory.Workload;
import io.medvol.model.policy.ActivationCheckpointing;
import io.medvol.model.policy.PolicyOptions;
import io.medvol.model.policy.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Loads a model, samples a group from it and takes one update; prints seconds and memory. */
public final class LargeModelRun implements Callable<Integer> {
  @Option(names = "--model", required = true, description = "Folder of the model.")
  private Path model;

  @Option(names = "--slices")
  private int slices = 1;

  @Option(names = "--size", description = "Rows and columns of a slice.")
  private int size = 224;

  @Option(names = "--group")
  private int group = 2;

  @Option(names = "--tokens", description = "Tokens of a completion.")
  private int tokens = 8;

  @Option(names = "--tuning", description = "LORA or ALL.")
  private MemoryProbe.Tuning tuning = MemoryProbe.Tuning.LORA;

  @Option(names = "--threads")
  private int threads = 2;

  @Option(names = "--precision", description = "FP32 or BF16.")
  private Precision precision = Precision.BF16;

  @Option(names = "--checkpointing", description = "NONE or LAYERS.")
  private ActivationCheckpointing checkpointing = ActivationCheckpointing.LAYERS;

  public static void main(String[] args) {
    System.exit(new CommandLine(new LargeModelRun()).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    PolicyOptions options =
        PolicyOptions.defaults().withPrecision(precision).withCheckpointing(checkpointing);
    MemoryProbe.Work work =
        new MemoryProbe.Work(model, slices, size, group, tokens, tuning, threads, options);
    MemoryProbe.Result result = MemoryProbe.run(work);
    System.out.printf(
        "prompt of %d tokens, %d patches; %d trainable parameters%n",
        result.promptTokens(), result.patches(), result.parameters());
    System.out.printf(
        "load    %7.1f s, %7.0f MiB resident%n", result.loadSeconds(), mebibytes(result.loaded()));
    System.out.printf(
        "rollout %7.1f s, %7.0f MiB at its peak%n",
        result.rolloutSeconds(), mebibytes(result.rollout()));
    System.out.printf(
        "update  %7.1f s, %7.0f MiB at its peak%n",
        result.updateSeconds(), mebibytes(result.update()));
    System.out.printf(
        "whole process %.0f MiB, of which %.0f MiB before loading%n",
        mebibytes(result.largest()), mebibytes(result.before()));
    Workload workload = result.workload(work);
    MemoryEstimator estimator = new MemoryEstimator(Policies.shape(model));
    System.out.printf(
        "predicted beside the heap: rollout %.0f MiB, update %.0f MiB%n",
        mebibytes(estimator.rollout(workload)), mebibytes(estimator.update(workload)));
    long heap = Runtime.getRuntime().maxMemory();
    System.out.printf(
        "measured beside a heap of %.0f MiB, exact if it was touched at the start: rollout %.0f"
            + " MiB, update %.0f MiB%n",
        mebibytes(heap),
        mebibytes(result.before() + result.rollout() - heap),
        mebibytes(result.before() + result.update() - heap));
    return 0;
  }

  private static double mebibytes(long bytes) {
    return bytes / 1048576.0;
  }
}
