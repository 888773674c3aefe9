package io.medvol.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.data.storage.LocalStorage;
import io.medvol.data.storage.Storage;
import io.medvol.rollout.fixture.TinyWorkers;
import io.medvol.rollout.worker.StepWorkerFactory;
import io.medvol.spark.session.SparkScope;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs on a standalone cluster that are hit by a fault at a random moment, and gone on with where
 * that is needed, as a scheduler would: each ends with the bytes of the run that nothing hit, and
 * its ledger has each trajectory once. {@code medvol.faults.runs} is how many; the seed of a run is
 * its number.
 */
@EnabledIfSystemProperty(named = ClusterBuild.JAR, matches = ".+")
class FaultSuiteIT {
  private static final int RUNS = Integer.getInteger("medvol.faults.runs", 5);
  private static final int MOST_ATTEMPTS = 200;

  @TempDir private static Path folder;
  private static StandaloneCluster cluster;
  private static SparkScope spark;
  private static Path undisturbed;

  private enum Fault {
    EXECUTOR_KILLED,
    DRIVER_KILLED,
    TASK_THROWS,
    CHECKPOINT_TRUNCATED,
    STORAGE_FAILS
  }

  @BeforeAll
  static void runUndisturbed() throws Exception {
    cluster = StandaloneCluster.start(folder, ClusterBuild.sparkHome(), 2);
    spark = FaultRun.session(cluster.master(), cluster.spark());
    undisturbed = folder.resolve("undisturbed");
    train(undisturbed, TinyWorkers.learnable());
    FaultRun.assertLearnt(undisturbed);
  }

  @AfterAll
  static void stop() {
    if (spark != null) {
      spark.close();
    }
    cluster.close();
  }

  @TestFactory
  Stream<DynamicTest> aRunThatIsHitEndsAsIfItWereNot() {
    return IntStream.range(0, RUNS)
        .mapToObj(
            number -> {
              Fault fault = Fault.values()[number % Fault.values().length];
              return DynamicTest.dynamicTest(number + " " + fault, () -> hit(number, fault));
            });
  }

  private static void hit(int number, Fault fault) throws Exception {
    Path run =
        Files.createDirectories(folder.resolve(FaultRun.name(number, Fault.values().length)));
    Random random = new Random(number);
    switch (fault) {
      case EXECUTOR_KILLED -> killAnExecutor(run, random);
      case DRIVER_KILLED -> killTheDriver(run, cluster.master(), random);
      case TASK_THROWS -> train(run, new FaultyWorkers(number, 0.3));
      case CHECKPOINT_TRUNCATED -> {
        killTheDriver(run, "local[2]", random);
        Path cut = truncate(run, random);
        FaultRun.assertRefused(
            () -> train(run, TinyWorkers.learnable()), new LocalStorage(), cut.toString());
      }
      case STORAGE_FAILS -> trainOnBadStorage(run, random);
    }
    train(run, TinyWorkers.learnable());
    assertSameCheckpoint(run);
    assertCompleteLedger(run);
  }

  private static void train(Path run, StepWorkerFactory factory) {
    FaultRun.train(spark.session(), run, factory, new LocalStorage());
  }

  private static void killAnExecutor(Path run, Random random) throws Exception {
    int step = random.nextInt(FaultRun.STEPS - 1);
    long millis = random.nextInt(300);
    CompletableFuture<Void> training =
        CompletableFuture.runAsync(() -> train(run, TinyWorkers.learnable()));
    awaitCheckpoint(run, step, () -> !training.isDone());
    TimeUnit.MILLISECONDS.sleep(millis);
    List<ProcessHandle> executors = cluster.executors();
    assertThat(executors).isNotEmpty();
    executors.get(random.nextInt(executors.size())).destroyForcibly();
    training.get(ForkedJvm.PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private static void killTheDriver(Path run, String master, Random random) throws Exception {
    int step = 1 + random.nextInt(FaultRun.STEPS - 2);
    long millis = random.nextInt(300);
    Path log = folder.resolve(run.getFileName() + ".log");
    List<String> arguments = new ArrayList<>(List.of(master, run.toString()));
    cluster.spark().forEach((key, value) -> arguments.add(key + "=" + value));
    Process driver = ForkedJvm.start(FaultRun.class, log, arguments);
    awaitCheckpoint(run, step, driver::isAlive);
    TimeUnit.MILLISECONDS.sleep(millis);
    driver.destroyForcibly().waitFor();
    assertThat(reached(run, step)).as(() -> ForkedJvm.text(log)).isTrue();
  }

  private static void awaitCheckpoint(Path run, int step, BooleanSupplier going)
      throws InterruptedException {
    ForkedJvm.await(() -> step == 0 || reached(run, step), going);
  }

  /** Cuts a random file of the newest checkpoint, whose folder this gives. */
  private static Path truncate(Path run, Random random) throws IOException {
    try (Stream<Path> found = Files.list(run.resolve("checkpoints"))) {
      Path newest = found.sorted().reduce((before, after) -> after).orElseThrow();
      try (Stream<Path> files = Files.list(newest)) {
        List<Path> candidates = files.sorted().toList();
        Path file = candidates.get(random.nextInt(candidates.size()));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          channel.truncate((long) (random.nextDouble() * channel.size()));
        }
        return newest;
      }
    }
  }

  private static void trainOnBadStorage(Path run, Random random) {
    Storage storage = new FaultyStorage(new LocalStorage(), random, 0.05);
    for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      try {
        FaultRun.train(spark.session(), run, TinyWorkers.learnable(), storage);
        return;
      } catch (RuntimeException e) {
        assertThat(FaultRun.isOfStorage(e)).as(e.toString()).isTrue();
      }
    }
    throw new AssertionError("No attempt came to the end");
  }

  private static boolean reached(Path run, int step) {
    return FaultRun.reached(new LocalStorage(), run.toString(), step);
  }

  private static void assertSameCheckpoint(Path run) throws IOException {
    ClusterRuns.assertSameCheckpoint(run, undisturbed, FaultRun.STEPS);
  }

  private static void assertCompleteLedger(Path run) {
    List<String> rows = FaultRun.ledger(spark.session(), run.toString());
    assertThat(rows).hasSize(FaultRun.STEPS * FaultRun.TRAJECTORIES_OF_A_STEP);
    assertThat(rows).isEqualTo(FaultRun.ledger(spark.session(), undisturbed.toString()));
  }
}
