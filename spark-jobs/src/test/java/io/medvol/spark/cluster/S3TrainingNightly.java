package io.medvol.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.data.phantom.PhantomFolder;
import io.medvol.data.storage.LocalStorage;
import io.medvol.data.storage.Storage;
import io.medvol.grpo.checkpoint.MachineRule;
import io.medvol.spark.cli.CommandLineResult;
import io.medvol.spark.cli.MedVol;
import io.medvol.spark.config.SparkConfig;
import io.medvol.spark.hadoop.HadoopStorage;
import io.medvol.spark.s3.S3Server;
import io.medvol.spark.session.SparkScope;
import io.medvol.spark.session.SparkSessions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands from scans to weights with everything in a bucket, scans and models included: what a
 * local disk gives, the bucket gives, to the byte.
 */
@EnabledIfSystemProperty(named = S3Server.CLASS_PATH, matches = ".+")
class S3TrainingNightly {
  private static final int SFT_STEPS = 8;
  private static final int LIMIT = 1 << 26;

  @TempDir private static Path folder;
  private static S3Server server;
  private static Storage storage;

  @BeforeAll
  static void start() throws Exception {
    server = S3Server.start(folder);
    storage = new HadoopStorage(server.configuration());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** The folders of a training below a root. */
  private record Training(Storage storage, String root) {
    String shards() {
      return root + "/shards";
    }

    String grpo() {
      return root + "/grpo";
    }

    String model() {
      return checkpoint(root + "/sft", SFT_STEPS);
    }

    String weights() {
      return checkpoint(grpo(), ClusterRuns.STEPS);
    }

    void coldStart() throws IOException {
      PhantomFolder.write(storage, root + "/scans", ClusterRuns.PHANTOMS);
      upload(ClusterRuns.untrained(folder), storage, root + "/untrained");
      complete(ClusterRuns.prepare(root + "/scans", shards()));
      complete(ClusterRuns.sft(shards(), root + "/untrained", root + "/sft", SFT_STEPS));
    }

    /** Such a model earns nothing yet but by the length of its answers. */
    List<String> grpoArguments() {
      List<String> arguments = new ArrayList<>(ClusterRuns.grpo(shards(), model(), grpo()));
      arguments.addAll(List.of("--set", "grpo.soft-punish-cache=32"));
      arguments.addAll(List.of("--set", "grpo.sampling.temperature=1"));
      return arguments;
    }

    private static String checkpoint(String run, int step) {
      return run + "/checkpoints/" + String.format("step-%06d", step);
    }
  }

  private static void upload(Path model, Storage to, String folder) throws IOException {
    Storage local = new LocalStorage();
    for (String name : local.list(model.toString())) {
      try (OutputStream out = to.create(folder + "/" + name)) {
        Files.copy(model.resolve(name), out);
      }
    }
  }

  private static CommandLineResult complete(List<String> arguments) throws IOException {
    CommandLineResult result = CommandLineResult.of(withSettings(arguments).toArray(String[]::new));
    assertThat(result.status()).as(result.err()).isZero();
    return result;
  }

  private static List<String> withSettings(List<String> arguments) throws IOException {
    List<String> lines = new ArrayList<>(List.of("spark:", "  properties:"));
    server.spark().forEach((key, value) -> lines.add("    " + key + ": \"" + value + "\""));
    Path settings = Files.write(folder.resolve("s3.yaml"), lines);
    List<String> all = new ArrayList<>(arguments);
    all.addAll(List.of("--config", settings.toString(), "--master", "local[2]"));
    return all;
  }

  @Test
  void aTrainingInABucketHasTheBytesOfOneOnALocalDisk() throws Exception {
    Training local = new Training(new LocalStorage(), folder.resolve("local").toString());
    local.coldStart();
    complete(local.grpoArguments());

    Training remote = new Training(storage, server.uri("training"));
    remote.coldStart();
    killAfterTheFirstStep(remote);
    assertThat(complete(remote.grpoArguments()).out()).contains("Resuming after step");

    assertThat(remote.storage().readAll(remote.shards() + "/manifest.json", LIMIT))
        .isEqualTo(local.storage().readAll(local.shards() + "/manifest.json", LIMIT));
    assertSame(remote, remote.model(), local, local.model());
    assertSame(remote, remote.weights(), local, local.weights());
    assertThat(remote.storage().readAll(remote.weights() + "/model.safetensors", LIMIT))
        .isNotEqualTo(remote.storage().readAll(remote.model() + "/model.safetensors", LIMIT));
    try (SparkScope spark = session()) {
      assertThat(FaultRun.ledger(spark.session(), remote.grpo()))
          .hasSize(ClusterRuns.STEPS * 3 * 4)
          .anyMatch(row -> row.contains(",USED,"))
          .isEqualTo(FaultRun.ledger(spark.session(), local.grpo()));
    }
  }

  private static void killAfterTheFirstStep(Training training) throws Exception {
    Path log = folder.resolve("grpo.log");
    Process driver = ForkedJvm.start(MedVol.class, log, withSettings(training.grpoArguments()));
    String manifest = Training.checkpoint(training.grpo(), 1) + "/manifest.json";
    ForkedJvm.await(() -> exists(manifest), driver::isAlive);
    driver.destroyForcibly().waitFor();
    assertThat(exists(manifest)).as(() -> ForkedJvm.text(log)).isTrue();
    assertThat(exists(training.weights() + "/manifest.json")).isFalse();
  }

  private static boolean exists(String path) {
    try {
      return storage.exists(path);
    } catch (IOException e) {
      return false;
    }
  }

  private static void assertSame(Training found, String in, Training expected, String like)
      throws IOException {
    List<String> names = expected.storage().list(like);
    assertThat(found.storage().list(in)).isEqualTo(names);
    for (String name : names) {
      assertThat(found.storage().readAll(in + "/" + name, LIMIT))
          .as(name)
          .isEqualTo(expected.storage().readAll(like + "/" + name, LIMIT));
    }
  }

  private static SparkScope session() {
    return SparkSessions.open(
        "ledger", new SparkConfig("local[2]", server.spark(), MachineRule.SAME), Optional.empty());
  }
}
