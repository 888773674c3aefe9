package io.medvol.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person sees whose command a signal stops. */
class SignalsIT {
  private static final String RESUMES = "it goes on from the last checkpoint";
  private static final String REPEATS = "it begins anew.";

  private static final int SIGINT = 2;

  @TempDir private Path folder;

  @Test
  void trainingSaysThatItGoesOnAlsoBeforeItsFirstStep() throws Exception {
    SmallRuns runs = new SmallRuns(folder);
    List<String> grpo = SmallRuns.grpo(runs.shards(), runs.model(), folder.resolve("run"));
    grpo.addAll(List.of("--set", "grpo.steps=100000"));
    isToldOnce(grpo, "GRPO step", interrupt(), RESUMES);
    isToldOnce(grpo, "GRPO step 1", "TERM", RESUMES);
  }

  @Test
  void whatDoesNotGoOnSaysThatItBeginsAnew() throws Exception {
    SmallRuns runs = new SmallRuns(folder);
    isToldOnce(
        SmallRuns.prepare(runs.scans(), folder.resolve("others")),
        "Preparing",
        "TERM",
        "The data set is not finished. Run the same command again: " + REPEATS);
    List<String> evaluate = new ArrayList<>(List.of("evaluate"));
    evaluate.addAll(List.of("--shards", runs.shards().toString()));
    evaluate.addAll(List.of("--model", runs.model().toString()));
    evaluate.addAll(List.of("--run", folder.resolve("evaluation").toString()));
    isToldOnce(evaluate, "Evaluating", interrupt(), REPEATS);
  }

  /** A shell may have had this JVM, and so its children, pass over SIGINT. */
  private static String interrupt() throws IOException {
    try (Stream<String> status = Files.lines(Path.of("/proc/self/status"))) {
      String ignored = status.filter(line -> line.startsWith("SigIgn:")).findFirst().orElseThrow();
      long signals = Long.parseUnsignedLong(ignored.substring(ignored.length() - 16), 16);
      return (signals & 1L << (SIGINT - 1)) == 0 ? "INT" : "TERM";
    }
  }

  private void isToldOnce(List<String> arguments, String after, String signal, String said)
      throws Exception {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process = Launcher.in(folder).start(out.toFile(), err.toFile(), arguments);
    try {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Launcher.PATIENCE_SECONDS);
      while (process.isAlive()
          && !Files.readString(out).contains(after)
          && System.nanoTime() < deadline) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
      new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
      assertThat(process.waitFor(Launcher.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(Files.readString(err).lines()).as(Files.readString(err)).hasSize(1);
      assertThat(Files.readString(err)).startsWith("medvol: Stopped by a signal. ").contains(said);
      assertThat(process.exitValue()).isEqualTo(signal.equals("INT") ? 130 : 143);
    } finally {
      process.destroyForcibly();
    }
  }
}
