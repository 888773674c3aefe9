package io.medvol.spark.cluster;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.medvol.spark.cli.CommandLineResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged jar on a standalone cluster of two workers, by {@code spark-submit}: what a laptop's
 * threads give, the cluster gives, to the byte.
 */
@EnabledIfSystemProperty(named = ClusterBuild.JAR, matches = ".+")
class StandaloneClusterIT {
  @TempDir private static Path folder;
  private static StandaloneCluster cluster;
  private static ClusterRuns runs;

  @BeforeAll
  static void prepareAndColdStartOnTheCluster() throws Exception {
    cluster = StandaloneCluster.start(folder, ClusterBuild.sparkHome(), 1);
    runs = new ClusterRuns(cluster, folder);
    runs.prepare();
    runs.coldStart();
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void grpoHasTheSameBytesOnTheClusterOnThreadsAndOnALocalCluster() throws Exception {
    Path onCluster = folder.resolve("grpo-cluster");
    runs.complete(
        onCluster, List.of("--conf", "spark.executor.resource.gpu.amount=1"), runs.grpo(onCluster));
    for (String master : List.of("local[1]", "local[2]", "local-cluster[2,1,1024]")) {
      Path here = folder.resolve("grpo-" + master.replaceAll("[^a-z0-9]", "-"));
      List<String> arguments = new ArrayList<>(runs.grpo(here));
      arguments.addAll(List.of("--master", master, "--set", ClusterBuild.executorProperties()));
      CommandLineResult trained = CommandLineResult.of(arguments.toArray(String[]::new));
      assertThat(trained.status()).as(trained.err()).isZero();
      ClusterRuns.assertSameCheckpoint(here, onCluster, ClusterRuns.STEPS);
    }
    assertThat(devices(onCluster)).containsExactly("0", "1");
  }

  @Test
  void grpoHasTheSameBytesOnExecutorsThatComeAndGo() throws Exception {
    Path run = folder.resolve("grpo-elastic");
    Path events = Files.createDirectories(folder.resolve("events"));
    List<String> options = new ArrayList<>();
    for (String setting :
        List.of(
            "dynamicAllocation.enabled=true",
            "dynamicAllocation.shuffleTracking.enabled=true",
            "dynamicAllocation.initialExecutors=1",
            "dynamicAllocation.minExecutors=0",
            "dynamicAllocation.maxExecutors=2",
            "dynamicAllocation.schedulerBacklogTimeout=1s",
            "dynamicAllocation.executorIdleTimeout=1s",
            "speculation=true",
            "speculation.interval=20ms",
            "speculation.multiplier=1.01",
            "speculation.quantile=0.3",
            "speculation.minTaskRuntime=1ms",
            "eventLog.enabled=true",
            "eventLog.compress=false",
            "eventLog.dir=" + events.toUri())) {
      options.addAll(List.of("--conf", "spark." + setting));
    }
    runs.complete(run, options, runs.grpo(run));

    Path still = folder.resolve("grpo-still");
    List<String> arguments = new ArrayList<>(runs.grpo(still));
    arguments.addAll(List.of("--master", "local[2]"));
    assertThat(CommandLineResult.of(arguments.toArray(String[]::new)).status()).isZero();
    ClusterRuns.assertSameCheckpoint(run, still, ClusterRuns.STEPS);
    HistoryServer history = HistoryServer.start(cluster, events);
    JsonNode jobs = history.tell("jobs");
    assertThat(jobs.findValuesAsText("jobGroup")).contains("medvol-rollout", "medvol-gradient");
    assertThat(jobs.findValuesAsText("description")).contains("Step 0: rollout and rewards of 3");
    assertThat(history.tell("allexecutors").findValuesAsText("hostPort"))
        .as("the driver and an executor at least")
        .hasSizeGreaterThan(1);
  }

  /** After runs of the cold start, whose executors the workers log and keep folders of. */
  @Test
  void theSecretIsWrittenNowhereButWhereItWasGiven() throws Exception {
    assertThat(Stranger.read(URI.create(cluster.master()).getPort(), "broadcast_0_piece0"))
        .isEmpty();
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> holders =
          files
              .filter(Files::isRegularFile)
              .filter(file -> !file.toString().endsWith(".properties"))
              .filter(file -> holds(file, cluster.secret()))
              .toList();
      assertThat(holders).isEmpty();
    }
  }

  private static boolean holds(Path file, String text) {
    try {
      return Files.readString(file, ISO_8859_1).contains(text);
    } catch (NoSuchFileException e) {
      return false; // a lock or a block of a run beside this test
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Addresses of the GPUs that tasks of a run were given. */
  private static Set<String> devices(Path run) throws Exception {
    Set<String> found = new TreeSet<>();
    for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
      JsonNode devices = new ObjectMapper().readTree(line).path("spark/gpus");
      found.addAll(List.of(devices.asText().split(" ")));
    }
    return found;
  }

  @Test
  void evaluationAnswersEverySample() throws Exception {
    Path run = folder.resolve("evaluation");
    runs.complete(run, List.of(), runs.evaluate(run));
    JsonNode summary = new ObjectMapper().readTree(run.resolve("summary.json").toFile());
    assertThat(summary.path("metrics").path("eval_samples").asInt()).isEqualTo(4);
    assertThat(summary.path("metrics").path("eval_failures").asInt()).isZero();
  }
}
