package io.medvol.bench.memory;

import io.medvol.bench.memory.MemoryProbe.Tuning;
import io.medvol.bench.memory.MemoryProbe.Work;
import io.medvol.model.Policies;
import io.medvol.model.memory.MemoryEstimator;
import io.medvol.model.memory.MemoryEstimator.Allocator;
import io.medvol.model.memory.Workload;
import io.medvol.model.policy.ActivationCheckpointing;
import io.medvol.model.policy.PolicyOptions;
import io.medvol.model.policy.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Holds predicted peaks against measured ones, each setting in a process of its own. */
public final class EstimateCheck implements Callable<Integer> {
  /** Gives every tensor of a page and more back to the system at once. */
  private static final Map<String, String> NOTHING_KEPT =
      Map.of("MALLOC_MMAP_THRESHOLD_", "65536", "MALLOC_TRIM_THRESHOLD_", "65536");

  private static final double TOLERANCE = 0.2;

  @Option(names = "--model", required = true, description = "Folders of models. Repeatable.")
  private List<Path> models;

  @Option(names = "--slices", split = ",")
  private List<Integer> slices = List.of(16, 64);

  @Option(names = "--size")
  private int size = 112;

  @Option(names = "--group", split = ",")
  private List<Integer> groups = List.of(8);

  @Option(names = "--tokens", split = ",")
  private List<Integer> tokens = List.of(48);

  @Option(names = "--tuning", split = ",", description = "LORA, LORA_ALL, ALL.")
  private List<Tuning> tunings = List.of(Tuning.LORA, Tuning.ALL);

  @Option(names = "--precision", split = ",", description = "FP32, BF16.")
  private List<Precision> precisions = List.of(Precision.FP32);

  @Option(names = "--checkpointing", split = ",", description = "NONE, LAYERS.")
  private List<ActivationCheckpointing> checkpointings = List.of(ActivationCheckpointing.NONE);

  @Option(names = "--threads")
  private int threads = 2;

  @Option(
      names = "--nothing-kept",
      description = "Have the allocator return memory at once: what is left is what was counted.")
  private boolean nothingKept;

  private int outside;

  public static void main(String[] args) {
    System.exit(new CommandLine(new EstimateCheck()).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    System.out.println(
        "model slices group tokens trained precision checkpointing"
            + " | rollout: predicted measured ratio | update");
    for (Path model : models) {
      for (Tuning tuning : tunings) {
        for (Precision precision : precisions) {
          for (ActivationCheckpointing checkpointing : checkpointings) {
            each(
                model,
                tuning,
                PolicyOptions.defaults().withPrecision(precision).withCheckpointing(checkpointing));
          }
        }
      }
    }
    System.out.println(outside + " of the predictions are more than 20 % off");
    return outside == 0 ? 0 : 1;
  }

  private void each(Path model, Tuning tuning, PolicyOptions options) throws IOException {
    for (int count : slices) {
      for (int group : groups) {
        for (int length : tokens) {
          check(new Work(model, count, size, group, length, tuning, threads, options));
        }
      }
    }
  }

  private void check(Work work) throws IOException {
    long[] found = ProbeProcess.run(work, nothingKept ? NOTHING_KEPT : Map.of());
    Workload workload = work.workload((int) found[0], (int) found[1], found[2]);
    MemoryEstimator estimator =
        new MemoryEstimator(
            Policies.shape(work.model()), nothingKept ? Allocator.GIVES_BACK : Allocator.KEEPS);
    System.out.printf(
        "%s %d %d %d %s %s %s | %s | %s%n",
        work.model().getFileName(),
        work.slices(),
        work.group(),
        work.tokens(),
        work.tuning(),
        work.options().precision(),
        work.options().checkpointing(),
        line(estimator.rollout(workload), found[3] - ProbeProcess.HEAP_BYTES),
        line(estimator.update(workload), found[4] - ProbeProcess.HEAP_BYTES));
  }

  private String line(long predicted, long measured) {
    double ratio = (double) predicted / measured;
    outside += Math.abs(ratio - 1) > TOLERANCE ? 1 : 0;
    return String.format("%.0f %.0f MiB %.2f", predicted / 1048576.0, measured / 1048576.0, ratio);
  }
}
