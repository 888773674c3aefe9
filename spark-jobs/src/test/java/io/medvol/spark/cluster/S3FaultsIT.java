package io.medvol.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.LocalStorage;
import io.medvol.data.storage.Storage;
import io.medvol.grpo.run.RunLease;
import io.medvol.rollout.fixture.TinyWorkers;
import io.medvol.spark.hadoop.HadoopStorage;
import io.medvol.spark.s3.S3Server;
import io.medvol.spark.session.SparkScope;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs whose checkpoints, ledger and lease lie on {@code s3a://}, hit by a fault at a random moment
 * and gone on with: each ends with the bytes of a run on a local disk that nothing hit, and its
 * ledger has each trajectory once. {@code medvol.faults.s3-runs} is how many; the seed of a run is
 * its number.
 */
@EnabledIfSystemProperty(named = S3Server.CLASS_PATH, matches = ".+")
class S3FaultsIT {
  private static final int RUNS = Integer.getInteger("medvol.faults.s3-runs", 2);
  private static final int MOST_ATTEMPTS = 200;
  private static final String MASTER = "local[2]";

  @TempDir private static Path folder;
  private static S3Server server;
  private static Storage storage;
  private static SparkScope spark;
  private static Path undisturbed;

  private enum Fault {
    DRIVER_KILLED,
    SERVER_KILLED,
    CHECKPOINT_CUT_SHORT,
    STORAGE_FAILS
  }

  @BeforeAll
  static void runUndisturbedOnALocalDisk() throws Exception {
    server = S3Server.start(folder);
    storage = new HadoopStorage(server.configuration());
    spark = FaultRun.session(MASTER, server.spark());
    undisturbed = folder.resolve("undisturbed");
    FaultRun.train(spark.session(), undisturbed, TinyWorkers.learnable(), new LocalStorage());
    FaultRun.assertLearnt(undisturbed);
  }

  @AfterAll
  static void stop() {
    if (spark != null) {
      spark.close();
    }
    server.close();
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
    String run = server.uri(FaultRun.name(number, Fault.values().length));
    Random random = new Random(number);
    switch (fault) {
      case DRIVER_KILLED -> killTheDriver(run, random);
      case SERVER_KILLED -> killTheServer(run, random);
      case CHECKPOINT_CUT_SHORT -> {
        train(run);
        cutShort(run, random);
        FaultRun.assertRefused(() -> train(run), storage, checkpoint(run, FaultRun.STEPS));
      }
      case STORAGE_FAILS -> retry(run, new FaultyStorage(storage, random, 0.05));
    }
    train(run);
    assertAsUndisturbed(run);
  }

  @Test
  void aSecondRunOnTheDirectoryIsRefused() {
    String run = server.uri("taken");
    try (RunLease first = RunLease.acquire(storage, run, FaultRun.BEAT)) {
      assertThatThrownBy(() -> train(run))
          .isInstanceOfSatisfying(
              MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.RESOURCE))
          .hasMessageContaining("Another run is writing to " + run);
      first.requireHeld();
    }
    assertThat(exists(run + "/checkpoints")).isFalse();
  }

  @Test
  void aHalfWrittenStepIsNotSeenAndIsReplaced() throws IOException {
    String run = server.uri("half-written");
    train(run);
    String last = checkpoint(run, FaultRun.STEPS);
    storage.delete(last + "/manifest.json");
    String ahead = run + "/trajectories/step=" + FaultRun.STEPS;
    write(ahead + "/_temporary/0/part-00000.parquet", new byte[100]);
    write(ahead + "/part-00000.parquet", new byte[100]);
    train(run);
    assertThat(exists(ahead)).isFalse();
    assertAsUndisturbed(run);
  }

  private static void train(String run) {
    FaultRun.trainRemotely(spark.session(), run, TinyWorkers.learnable(), storage);
  }

  /** As a scheduler would. */
  private static void retry(String run, Storage faulty) {
    for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      try {
        FaultRun.trainRemotely(spark.session(), run, TinyWorkers.learnable(), faulty);
        return;
      } catch (RuntimeException e) {
        assertThat(FaultRun.isOfStorage(e)).as(e.toString()).isTrue();
      }
    }
    throw new AssertionError("No attempt came to the end");
  }

  private static void killTheDriver(String run, Random random) throws Exception {
    int step = 1 + random.nextInt(FaultRun.STEPS - 2);
    long millis = random.nextInt(300);
    Path log = folder.resolve("driver.log");
    List<String> arguments = new ArrayList<>(List.of(MASTER, run));
    server.spark().forEach((key, value) -> arguments.add(key + "=" + value));
    Process driver = ForkedJvm.start(FaultRun.class, log, arguments);
    ForkedJvm.await(() -> FaultRun.reached(storage, run, step), driver::isAlive);
    TimeUnit.MILLISECONDS.sleep(millis);
    driver.destroyForcibly().waitFor();
    assertThat(FaultRun.reached(storage, run, step)).as(() -> ForkedJvm.text(log)).isTrue();
  }

  /** The server is gone for a second in the middle of a run, which may end of it. */
  private static void killTheServer(String run, Random random) throws Exception {
    int step = 1 + random.nextInt(FaultRun.STEPS - 2);
    long millis = random.nextInt(300);
    CompletableFuture<Void> training = CompletableFuture.runAsync(() -> retry(run, storage));
    ForkedJvm.await(() -> FaultRun.reached(storage, run, step), () -> !training.isDone());
    TimeUnit.MILLISECONDS.sleep(millis);
    server.kill();
    TimeUnit.SECONDS.sleep(1);
    server.start();
    training.get(ForkedJvm.PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** A random file of the newest checkpoint loses its end, or is gone. */
  private static void cutShort(String run, Random random) throws IOException {
    String newest = checkpoint(run, FaultRun.STEPS);
    List<String> names = storage.list(newest);
    String file = newest + "/" + names.get(random.nextInt(names.size()));
    byte[] content = storage.readAll(file, 1 << 20);
    storage.delete(file);
    if (random.nextBoolean()) {
      write(file, Arrays.copyOf(content, (int) (random.nextDouble() * content.length)));
    }
  }

  private static void write(String path, byte[] content) throws IOException {
    try (OutputStream out = storage.create(path)) {
      out.write(content);
    }
  }

  private static boolean exists(String path) {
    try {
      return storage.exists(path);
    } catch (IOException e) {
      return false;
    }
  }

  private static String checkpoint(String run, int step) {
    return run + "/checkpoints/" + String.format("step-%06d", step);
  }

  private static void assertAsUndisturbed(String run) throws IOException {
    Storage local = new LocalStorage();
    String expected = ClusterRuns.checkpoint(undisturbed, FaultRun.STEPS).toString();
    String found = checkpoint(run, FaultRun.STEPS);
    assertThat(storage.list(found)).isEqualTo(local.list(expected));
    for (String name : local.list(expected)) {
      assertThat(storage.readAll(found + "/" + name, 1 << 20))
          .as(name)
          .isEqualTo(local.readAll(expected + "/" + name, 1 << 20));
    }
    List<String> rows = FaultRun.ledger(spark.session(), run);
    assertThat(rows).hasSize(FaultRun.STEPS * FaultRun.TRAJECTORIES_OF_A_STEP);
    assertThat(rows).isEqualTo(FaultRun.ledger(spark.session(), undisturbed.toString()));
  }
}
