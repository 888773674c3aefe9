package io.medvol.bench.fuzz;

import io.medvol.model.fuzz.ReaderFuzz;
import io.medvol.model.fuzz.ReaderFuzz.Outcome;
import io.medvol.model.fuzz.ReaderFuzz.Tally;
import io.medvol.model.fuzz.ReaderFuzz.Target;
import io.medvol.model.fuzz.ReaderTargets;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/**
 * Gives damaged files to every reader of models and counts what becomes of them. Ends with status 1
 * where a reader broke its promise, and leaves such files behind; with 3 where a file took longer
 * than a minute.
 */
public final class FuzzReaders implements Callable<Integer> {
  private static final long HANG_NANOS = 60_000_000_000L;
  private static final int MOST_SHOWN = 20;

  @Option(names = "--files", description = "Damaged files in all.")
  private int files = 100_000;

  @Option(names = "--seed", description = "Equal seeds give equal files.")
  private long seed = 1;

  @Option(names = "--target", description = "Only targets whose name contains this.")
  private String only = "";

  @Option(names = "--keep", description = "Folder for the files that broke a promise.")
  private Path keep = Path.of("target", "fuzz");

  private final AtomicLong started = new AtomicLong();

  public static void main(String[] args) {
    System.exit(new CommandLine(new FuzzReaders()).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    PrintStream out = System.out;
    Path folder = Files.createTempDirectory("medvol-fuzz");
    int broken = 0;
    Tally tally = new Tally();
    long begun = System.nanoTime();
    watch();
    try (ReaderTargets targets = new ReaderTargets(folder)) {
      ReaderFuzz fuzz = new ReaderFuzz(seed);
      List<Target> order = order(targets.all());
      for (int i = 0; i < files; i++) {
        Target target = order.get(i % order.size());
        started.set(System.nanoTime());
        Outcome outcome = fuzz.once(target);
        tally.add(target, outcome);
        if (outcome.broken().isPresent()) {
          broken++;
          if (broken <= MOST_SHOWN) {
            out.println(target.name() + ", file " + i + ": " + outcome.broken().get());
            Files.createDirectories(keep);
            Files.copy(target.file(), keep.resolve(i + "-" + target.file().getFileName()));
          }
        }
      }
    } finally {
      started.set(Long.MAX_VALUE);
      delete(folder);
    }
    tally.counts().forEach((target, counts) -> out.println(target + ": " + counts));
    out.printf(
        "%d files in %.0f s, %d broken promises; most allocated by one %.1f MiB, longest %.0f ms of"
            + " processor time%n",
        files,
        (System.nanoTime() - begun) / 1e9,
        broken,
        tally.mostAllocated() / 1048576.0,
        tally.longestCpuNanos() / 1e6);
    return broken == 0 ? 0 : 1;
  }

  /** Every target as often as its weight says, mixed. */
  private List<Target> order(List<Target> targets) {
    List<Target> order = new ArrayList<>();
    for (Target target : targets) {
      if (target.name().contains(only)) {
        order.addAll(Collections.nCopies(target.weight(), target));
      }
    }
    Collections.shuffle(order, new Random(seed));
    return order;
  }

  /** A reader that hangs cannot be interrupted; the process ends instead. */
  private void watch() {
    started.set(Long.MAX_VALUE);
    Thread watchdog =
        new Thread(
            () -> {
              while (true) {
                long start = started.get();
                if (start != Long.MAX_VALUE && System.nanoTime() - start > HANG_NANOS) {
                  System.err.println("A file takes longer than a minute");
                  Runtime.getRuntime().halt(3);
                }
                pause();
              }
            },
            "watchdog");
    watchdog.setDaemon(true);
    watchdog.start();
  }

  private static void pause() {
    try {
      Thread.sleep(1000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Collections.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
