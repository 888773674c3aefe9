package io.medvol.bench.memory;

import io.medvol.bench.memory.MemoryProbe.Tuning;
import io.medvol.bench.memory.MemoryProbe.Work;
import io.medvol.model.Policies;
import io.medvol.model.memory.MemoryEstimator;
import io.medvol.model.memory.Workload;
import io.medvol.model.memory.Workload.Precision;
import io.medvol.model.memory.Workload.Trained;
import io.medvol.model.policy.PolicyOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Holds predicted peaks against measured ones, each setting in a process of its own. */
public final class EstimateCheck implements Callable<Integer> {
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

  @Option(names = "--tuning", split = ",")
  private List<Tuning> tunings = List.of(Tuning.LORA, Tuning.ALL);

  @Option(names = "--threads")
  private int threads = 2;

  public static void main(String[] args) {
    System.exit(new CommandLine(new EstimateCheck()).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    System.out.println(
        "model slices group tokens trained | rollout: predicted measured ratio | update");
    for (Path model : models) {
      for (Tuning tuning : tunings) {
        for (int count : slices) {
          for (int group : groups) {
            for (int length : tokens) {
              check(
                  new Work(
                      model,
                      count,
                      size,
                      group,
                      length,
                      tuning,
                      threads,
                      PolicyOptions.defaults()));
            }
          }
        }
      }
    }
    return 0;
  }

  private void check(Work work) throws IOException {
    long[] found = ProbeProcess.run(work);
    Workload workload =
        new Workload(
            (int) found[0],
            (int) found[1],
            work.group(),
            work.tokens(),
            Precision.FLOAT32,
            work.tuning() == Tuning.ALL ? Trained.ALL : Trained.ADAPTER,
            work.tuning() == Tuning.ALL ? 0 : found[2]);
    MemoryEstimator estimator = new MemoryEstimator(Policies.shape(work.model()));
    System.out.printf(
        "%s %d %d %d %s | %s | %s%n",
        work.model().getFileName(),
        work.slices(),
        work.group(),
        work.tokens(),
        work.tuning(),
        line(estimator.rollout(workload), found[3] - ProbeProcess.HEAP_BYTES),
        line(estimator.update(workload), found[4] - ProbeProcess.HEAP_BYTES));
  }

  private static String line(long predicted, long measured) {
    return String.format(
        "%.0f %.0f MiB %.2f",
        predicted / 1048576.0, measured / 1048576.0, (double) predicted / measured);
  }
}
