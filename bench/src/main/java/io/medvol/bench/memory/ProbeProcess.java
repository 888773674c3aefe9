package io.medvol.bench.memory;

import io.medvol.bench.memory.MemoryProbe.Result;
import io.medvol.bench.memory.MemoryProbe.Tuning;
import io.medvol.bench.memory.MemoryProbe.Work;
import io.medvol.model.policy.ActivationCheckpointing;
import io.medvol.model.policy.PolicyOptions;
import io.medvol.model.policy.Precision;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A probe in a process of its own, with a heap of fixed size that is resident from the start. */
final class ProbeProcess {
  static final long HEAP_BYTES = 600L << 20;
  private static final String MARK = "probe ";

  private ProbeProcess() {}

  /** Prints what the arguments' work took; for {@link #run} only. */
  public static void main(String[] args) throws IOException {
    Result result =
        MemoryProbe.run(
            new Work(
                Path.of(args[0]),
                Integer.parseInt(args[1]),
                Integer.parseInt(args[2]),
                Integer.parseInt(args[3]),
                Integer.parseInt(args[4]),
                Tuning.valueOf(args[5]),
                Integer.parseInt(args[6]),
                PolicyOptions.defaults()
                    .withPrecision(Precision.valueOf(args[7]))
                    .withCheckpointing(ActivationCheckpointing.valueOf(args[8]))));
    System.out.println(
        MARK
            + String.join(
                " ",
                Arrays.asList(
                    "" + result.promptTokens(),
                    "" + result.patches(),
                    "" + result.parameters(),
                    "" + (result.before() + result.rollout()),
                    "" + (result.before() + result.update()))));
  }

  /**
   * Prompt tokens, patches, trained parameters, and the peaks of a rollout and an update.
   *
   * @param environment settings of the C library's allocator
   */
  static long[] run(Work work, Map<String, String> environment) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    long heap = HEAP_BYTES >> 20;
    command.addAll(List.of("-Xms" + heap + "m", "-Xmx" + heap + "m", "-XX:+AlwaysPreTouch"));
    for (String name : List.of("ai.djl.offline", "ai.djl.pytorch.num_threads", "medvol.root")) {
      if (System.getProperty(name) != null) {
        command.add("-D" + name + "=" + System.getProperty(name));
      }
    }
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            ProbeProcess.class.getName(),
            work.model().toString(),
            "" + work.slices(),
            "" + work.size(),
            "" + work.group(),
            "" + work.tokens(),
            work.tuning().name(),
            "" + work.threads(),
            work.options().precision().name(),
            work.options().checkpointing().name()));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putAll(environment);
    Process process = builder.start();
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(MARK)) {
          return Arrays.stream(line.substring(MARK.length()).split(" "))
              .mapToLong(Long::parseLong)
              .toArray();
        }
      }
    }
    throw new IOException("The probe of " + work + " ended without a result");
  }
}
