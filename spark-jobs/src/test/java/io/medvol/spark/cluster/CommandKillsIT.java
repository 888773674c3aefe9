package io.medvol.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.medvol.data.phantom.PhantomConfig;
import io.medvol.data.phantom.PhantomFolder;
import io.medvol.data.shard.ShardDataset;
import io.medvol.data.shard.ShardManifest;
import io.medvol.data.storage.LocalStorage;
import io.medvol.model.tiny.PolicyBundle;
import io.medvol.spark.cli.CommandLineResult;
import io.medvol.spark.cli.MedVol;
import io.medvol.spark.config.SparkConfig;
import io.medvol.spark.session.SparkScope;
import io.medvol.spark.session.SparkSessions;
import io.medvol.spark.table.EvaluationTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code prepare} and {@code evaluate} in processes that are killed at a random moment, and given
 * again: what they leave is what the command leaves that nothing hit. {@code
 * medvol.faults.command-runs} is how many; the seed of a run is its number.
 */
@EnabledIfSystemProperty(named = ClusterBuild.JAR, matches = ".+")
class CommandKillsIT {
  private static final int RUNS = Integer.getInteger("medvol.faults.command-runs", 4);
  private static final int OLD_SLICES = 3;
  private static final int SLICES = 4;
  private static final PhantomConfig PHANTOMS = new PhantomConfig(6, 5, 8, 32, 32, 0.08, 25, 0.5);

  @TempDir private static Path folder;
  private static Path scans;
  private static Path shards;
  private static Path model;
  private static Path evaluated;
  private static SparkScope spark;
  private static long prepareMillis;
  private static long evaluateMillis;

  @BeforeAll
  static void runUndisturbed() throws Exception {
    scans = folder.resolve("scans");
    PhantomFolder.write(new LocalStorage(), scans.toString(), PHANTOMS);
    model = folder.resolve("model");
    PolicyBundle.unpack(model);
    shards = folder.resolve("shards");
    prepareMillis = complete(prepare(shards, SLICES));
    evaluated = folder.resolve("evaluated");
    evaluateMillis = complete(evaluate(evaluated));
    SparkConfig config = new SparkConfig("local[2]", Map.of(), SparkConfig.defaults().machines());
    spark = SparkSessions.open("kills", config, Optional.empty());
    assertThat(answers(evaluated)).isNotEmpty();
  }

  @AfterAll
  static void stop() {
    if (spark != null) {
      spark.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> aCommandThatIsKilledAndGivenAgainLeavesWhatItWouldHave() {
    return IntStream.range(0, RUNS)
        .mapToObj(
            number ->
                number % 2 == 0
                    ? DynamicTest.dynamicTest(number + " prepare", () -> killPrepare(number))
                    : DynamicTest.dynamicTest(number + " evaluate", () -> killEvaluate(number)));
  }

  /** Every second one replaces a data set, which stays whole until the new one is. */
  private static void killPrepare(int number) throws Exception {
    Path output = folder.resolve("shards-" + number);
    boolean replaces = number % 4 == 0;
    ShardManifest old = null;
    if (replaces) {
      again(prepare(output, OLD_SLICES));
      old = dataset(output).manifest();
    }
    kill(number, prepareMillis, prepare(output, SLICES));
    if (replaces) {
      ShardDataset left = dataset(output);
      left.requireComplete();
      assertThat(left.manifest()).isIn(old, dataset(shards).manifest());
    }
    again(prepare(output, SLICES));
    assertThat(content(output)).isEqualTo(content(shards));
  }

  private static void killEvaluate(int number) throws Exception {
    Path run = folder.resolve("evaluated-" + number);
    kill(number, evaluateMillis, evaluate(run));
    again(evaluate(run));
    assertThat(answers(run)).isEqualTo(answers(evaluated));
    assertThat(figures(run)).isEqualTo(figures(evaluated));
  }

  private static List<String> prepare(Path output, int slices) {
    return List.of(
        "prepare",
        "--input",
        scans.toString(),
        "--output",
        output.toString(),
        "--master",
        "local[2]",
        "--set",
        "prepare.shown-slices=" + slices);
  }

  private static List<String> evaluate(Path run) {
    List<String> arguments = new ArrayList<>(List.of("evaluate", "--shards", shards.toString()));
    arguments.addAll(List.of("--model", model.toString(), "--run", run.toString()));
    arguments.addAll(List.of("--master", "local[2]", "--set", "evaluation.max-samples=8"));
    arguments.addAll(List.of("--set", "evaluation.max-completion-length=48"));
    return arguments;
  }

  /** How long a process of its own takes. */
  private static long complete(List<String> arguments) throws Exception {
    Path log = folder.resolve("complete.log");
    long start = System.nanoTime();
    Process process = ForkedJvm.start(MedVol.class, log, arguments);
    assertThat(process.waitFor(ForkedJvm.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(() -> ForkedJvm.text(log)).isZero();
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }

  /** At a random moment, but for the start, where nothing is done yet. */
  private static void kill(int number, long millis, List<String> arguments) throws Exception {
    long wait = (long) (millis * (0.25 + 0.75 * new Random(number).nextDouble()));
    boolean killed = false;
    while (!killed) {
      Process process = ForkedJvm.start(MedVol.class, folder.resolve("killed.log"), arguments);
      killed = !process.waitFor(wait, TimeUnit.MILLISECONDS);
      process.destroyForcibly().waitFor();
      // One that was done earlier than the first was is tried again.
      wait /= 2;
    }
  }

  private static void again(List<String> arguments) {
    CommandLineResult result = CommandLineResult.of(arguments.toArray(String[]::new));
    assertThat(result.status()).as(result.err()).isZero();
  }

  private static ShardDataset dataset(Path output) throws IOException {
    return ShardDataset.open(new LocalStorage(), output.toString());
  }

  /** Every file but what tells of the command itself, by its path. */
  private static Map<String, List<Byte>> content(Path root) throws IOException {
    Map<String, List<Byte>> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = root.relativize(file).toString();
        if (!List.of("summary.json", "run.lock").contains(name)) {
          List<Byte> bytes = new ArrayList<>();
          for (byte value : Files.readAllBytes(file)) {
            bytes.add(value);
          }
          contents.put(name, bytes);
        }
      }
    }
    return contents;
  }

  private static List<String> answers(Path run) {
    return spark
        .session()
        .read()
        .parquet(run.resolve(EvaluationTable.FOLDER).toString())
        .drop("seconds")
        .orderBy("sample_id")
        .collectAsList()
        .stream()
        .map(Row::toString)
        .toList();
  }

  private static JsonNode figures(Path run) throws IOException {
    ObjectNode metrics =
        (ObjectNode)
            new ObjectMapper().readTree(run.resolve("summary.json").toFile()).path("metrics");
    metrics.remove("eval_seconds_per_sample");
    return metrics;
  }
}
