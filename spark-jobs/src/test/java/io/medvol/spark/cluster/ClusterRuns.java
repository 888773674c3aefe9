package io.medvol.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.data.phantom.PhantomConfig;
import io.medvol.data.phantom.PhantomFolder;
import io.medvol.data.storage.LocalStorage;
import io.medvol.model.tiny.TinyPolicyConfig;
import io.medvol.model.tiny.TinyQwen3Vl;
import io.medvol.rollout.prompt.SlicePromptBuilder;
import io.medvol.spark.cli.CommandLineResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The commands of a small training from scans to answers, as a person would give them. */
final class ClusterRuns {
  /** Of the GRPO run. */
  static final int STEPS = 3;

  private static final int COLD_START_STEPS = 60;

  static final PhantomConfig PHANTOMS = new PhantomConfig(2, 5, 8, 32, 32, 0.08, 25, 0.5);

  private static final long PATIENCE_SECONDS = 600;

  private final StandaloneCluster cluster;
  private final Path folder;

  ClusterRuns(StandaloneCluster cluster, Path folder) {
    this.cluster = cluster;
    this.folder = folder;
  }

  /** Shards of two phantoms. */
  void prepare() throws Exception {
    Path scans = folder.resolve("scans");
    PhantomFolder.write(new LocalStorage(), scans.toString(), PHANTOMS);
    complete(folder.resolve("prepare"), List.of(), prepare(scans.toString(), shards().toString()));
  }

  static List<String> prepare(String scans, String shards) {
    return List.of(
        "prepare", "--input", scans, "--output", shards, "--set", "prepare.shown-slices=4");
  }

  /**
   * A model that has seen the form of an answer, so that rewards differ within a group: the first
   * step on the cluster, the others in this JVM, which goes on with the run.
   */
  void coldStart() throws Exception {
    Path untrained = untrained(folder);
    complete(folder.resolve("sft"), List.of(), sft(untrained, 1));
    CommandLineResult rest =
        CommandLineResult.of(sft(untrained, COLD_START_STEPS).toArray(String[]::new));
    assertThat(rest.status()).as(rest.err()).isZero();
    assertThat(rest.out()).contains("Resuming after step 1 ");
  }

  private List<String> sft(Path model, int steps) {
    return sft(shards().toString(), model.toString(), folder.resolve("sft").toString(), steps);
  }

  /** A model that knows nothing. */
  static Path untrained(Path folder) throws IOException {
    Path untrained = folder.resolve("untrained");
    TinyQwen3Vl.write(
        TinyPolicyConfig.defaults(3).withPhrases(SlicePromptBuilder.fixedTexts()), untrained);
    return untrained;
  }

  static List<String> sft(String shards, String model, String run, int steps) {
    List<String> arguments = new ArrayList<>(List.of("sft", "--shards", shards));
    arguments.addAll(List.of("--model", model, "--run", run));
    set(
        arguments,
        "sft.steps=" + steps,
        "sft.prompts-per-step=8",
        "sft.partitions=2",
        "sft.save-steps=" + COLD_START_STEPS,
        "sft.optimizer.lr-scheduler-type=constant-with-warmup",
        "sft.optimizer.learning-rate=5e-3",
        "sft.optimizer.warmup-steps=5");
    return arguments;
  }

  /** The arguments of the run that must not depend on where it runs. */
  List<String> grpo(Path run) {
    return grpo(shards().toString(), model().toString(), run.toString());
  }

  static List<String> grpo(String shards, String model, String run) {
    List<String> arguments = new ArrayList<>(List.of("grpo", "--shards", shards));
    arguments.addAll(List.of("--model", model, "--run", run));
    set(
        arguments,
        "grpo.steps=" + STEPS,
        "grpo.prompts-per-step=3",
        "grpo.num-generations=4",
        "grpo.partitions=3",
        "grpo.save-steps=1",
        "grpo.save-total-limit=3",
        "grpo.scale-rewards=none",
        "grpo.objective.beta=0.1",
        "grpo.optimizer.learning-rate=1e-3",
        "grpo.sampling.temperature=0.5",
        "grpo.sampling.max-completion-length=32");
    return arguments;
  }

  List<String> evaluate(Path run) {
    List<String> arguments = new ArrayList<>(List.of("evaluate", "--shards", shards().toString()));
    arguments.addAll(List.of("--model", model().toString(), "--run", run.toString()));
    set(
        arguments,
        "evaluation.max-completion-length=32",
        "evaluation.max-samples=4",
        "evaluation.partitions=2");
    return arguments;
  }

  Path shards() {
    return folder.resolve("shards");
  }

  private Path model() {
    return checkpoint(folder.resolve("sft"), COLD_START_STEPS);
  }

  private static void set(List<String> arguments, String... settings) {
    for (String setting : settings) {
      arguments.addAll(List.of("--set", setting));
    }
  }

  /** Submits a command and waits for its good end. */
  void complete(Path run, List<String> options, List<String> arguments) throws Exception {
    Path log = run.resolveSibling(run.getFileName() + ".log");
    Process process = cluster.submit(log, options, arguments);
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(() -> text(log)).isZero();
  }

  private static String text(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return log + " cannot be read: " + e;
    }
  }

  static Path checkpoint(Path run, int step) {
    return run.resolve("checkpoints").resolve(String.format("step-%06d", step));
  }

  static void assertSameCheckpoint(Path run, Path expectedRun, int step) throws IOException {
    Map<String, byte[]> expected = content(checkpoint(expectedRun, step));
    Map<String, byte[]> found = content(checkpoint(run, step));
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    expected.forEach((name, bytes) -> assertThat(found.get(name)).as(name).isEqualTo(bytes));
  }

  private static Map<String, byte[]> content(Path checkpoint) throws IOException {
    Map<String, byte[]> contents = new TreeMap<>();
    try (Stream<Path> files = Files.list(checkpoint)) {
      for (Path file : files.toList()) {
        contents.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    return contents;
  }
}
