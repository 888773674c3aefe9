package io.medvol.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.medvol.data.phantom.PhantomConfig;
import io.medvol.data.phantom.PhantomFolder;
import io.medvol.data.shard.ShardDataset;
import io.medvol.data.shard.ShardEntry;
import io.medvol.data.storage.LocalStorage;
import io.medvol.grpo.run.RunLock;
import io.medvol.spark.SharedSpark;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class PrepareCommandTest {
  @TempDir private static Path phantoms;
  @TempDir private Path folder;
  private Path scans;
  private Path shards;

  @BeforeAll
  static void makePhantoms() throws IOException {
    PhantomFolder.write(
        new LocalStorage(), phantoms.toString(), new PhantomConfig(3, 5, 8, 32, 32, 0.08, 25, 0.5));
  }

  @BeforeEach
  void copyPhantoms() throws IOException {
    scans = folder.resolve("scans");
    shards = folder.resolve("shards");
    try (Stream<Path> files = Files.walk(phantoms)) {
      for (Path file : files.toList()) {
        Path copy = scans.resolve(phantoms.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
  }

  private CommandLineResult prepare(String... more) {
    Stream<String> arguments =
        Stream.concat(
            Stream.of("prepare", "--input", scans.toString(), "--output", shards.toString()),
            Arrays.stream(more));
    SharedSpark.session();
    return CommandLineResult.of(arguments.toArray(String[]::new));
  }

  private List<Path> images() throws IOException {
    try (Stream<Path> files = Files.list(scans.resolve("images"))) {
      return files.sorted().toList();
    }
  }

  private static void truncate(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
  }

  private static String caseId(Path image) {
    return image.getFileName().toString().replace(".nii.gz", "");
  }

  private List<Row> rejected() {
    return SharedSpark.session()
        .read()
        .parquet(shards.resolve("rejected").toString())
        .select("case", "kind", "reason")
        .collectAsList();
  }

  private JsonNode summary() throws IOException {
    return new ObjectMapper().readTree(shards.resolve("summary.json").toFile());
  }

  @Test
  void goodVolumesBecomeShardsAndTheRejectedTableIsEmpty() throws IOException {
    CommandLineResult result = prepare();
    assertThat(result.err()).isEmpty();
    assertThat(result.status()).isZero();
    ShardDataset dataset = ShardDataset.open(new LocalStorage(), shards.toString());
    assertThat(dataset.manifest().shards()).hasSize(3);
    assertThat(dataset.samples()).isNotEmpty();
    assertThat(rejected()).isEmpty();
    assertThat(summary().path("command").asText()).isEqualTo("prepare");
    assertThat(summary().path("config-digest").asText()).hasSize(64);
    assertThat(summary().path("seconds").asDouble()).isPositive();
    assertThat(summary().path("metrics").path("prepared").asInt()).isEqualTo(3);
    assertThat(summary().path("metrics").path("structures").path("liver").asInt()).isEqualTo(9);
    assertThat(result.out()).contains("  liver: 9 samples of 3 cases").contains("8 slices");
    assertThat(result.out()).doesNotContain("Warning").doesNotContain("findings.csv");
    assertThat(shards.resolve("config.yaml")).exists();
  }

  @Test
  void aTruncatedVolumeIsListedWithItsReasonWhileTheOthersArePrepared() throws IOException {
    Path broken = images().get(1);
    truncate(broken);
    CommandLineResult result = prepare();
    assertThat(result.status()).isZero();
    assertThat(result.out())
        .contains("Rejected: " + caseId(broken) + " (")
        .contains("All rejected cases and warnings: " + shards.resolve("findings.csv"));
    assertThat(Files.readString(shards.resolve("findings.csv")))
        .contains('"' + caseId(broken) + "\",\"rejected\"");
    assertThat(rejected()).hasSize(1);
    Row row = rejected().get(0);
    assertThat(row.getString(0)).isEqualTo(caseId(broken));
    assertThat(row.getString(1)).isIn("TRUNCATED", "CORRUPT");
    assertThat(row.getString(2)).contains(broken.toString());
    assertThat(ShardDataset.open(new LocalStorage(), shards.toString()).manifest().shards())
        .hasSize(2);
  }

  @Test
  void tooManyRejectedVolumesEndTheJobWithStatusThreeAndNoManifest() throws IOException {
    for (Path image : images()) {
      truncate(image);
    }
    CommandLineResult result = prepare();
    assertThat(result.status()).isEqualTo(3);
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.err()).contains("3 of 3 cases were rejected").contains("rejected");
    assertThat(rejected()).hasSize(3);
    assertThat(shards.resolve("manifest.json")).doesNotExist();
  }

  /** Opens every shard, so that each is held against the manifest. */
  private ShardDataset readWhole() throws IOException {
    ShardDataset dataset = ShardDataset.open(new LocalStorage(), shards.toString());
    dataset.requireComplete();
    for (ShardEntry entry : dataset.manifest().shards()) {
      dataset.openShard(entry.volumeId()).close();
    }
    return dataset;
  }

  @Test
  void aPreparationThatFailsLeavesTheDataSetBeforeIt() throws IOException {
    assertThat(prepare().status()).isZero();
    String digest = readWhole().manifest().digest();
    for (Path image : images().subList(0, 2)) {
      truncate(image);
    }
    assertThat(prepare().status()).isEqualTo(3);
    assertThat(rejected()).hasSize(2);
    assertThat(readWhole().manifest().digest()).isEqualTo(digest);
  }

  @Test
  void aPreparationReplacesTheOneBeforeItAndRemovesWhatKilledOnesLeft() throws IOException {
    assertThat(prepare().status()).isZero();
    String digest = readWhole().manifest().digest();
    Path draft = shards.resolve("shards/.v1.arrow.0a.medvol-unfinished");
    Path orphan = shards.resolve("shards/v1-0123456789abcdef.arrow");
    Files.writeString(draft, "voxels of a patient");
    Files.writeString(orphan, "voxels of a patient");
    assertThat(prepare("--set", "prepare.shown-slices=3").status()).isZero();
    assertThat(draft).doesNotExist();
    assertThat(orphan).doesNotExist();
    assertThat(readWhole().manifest().digest()).isNotEqualTo(digest);
    try (Stream<Path> files = Files.list(shards)) {
      assertThat(files.filter(file -> file.toString().endsWith(".jsonl"))).hasSize(1);
    }
    assertThat(prepare().status()).isZero();
    assertThat(readWhole().manifest().digest()).isEqualTo(digest);
  }

  @Test
  void theSaltIsInNoOutputAndAWrittenConfigurationDoesNotStandForIt() throws IOException {
    CommandLineResult result = prepare("--set", "prepare.salt=hush-hush");
    assertThat(result.status()).isZero();
    assertThat(result.out()).doesNotContain("hush");
    try (Stream<Path> files = Files.walk(shards)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain("hush");
      }
    }
    CommandLineResult again = prepare("--config", shards.resolve("config.yaml").toString());
    assertThat(again.status()).isEqualTo(2);
    assertThat(again.err().lines()).hasSize(1);
    assertThat(again.err()).contains("prepare.salt is '(set)'");
    assertThat(readWhole().manifest().shards()).hasSize(3);
  }

  @Test
  void aSecondPreparationOnOneOutputIsRefused() throws IOException {
    try (RunLock first = RunLock.acquire(shards)) {
      CommandLineResult second = prepare();
      assertThat(second.status()).isEqualTo(4);
      assertThat(second.err().lines()).hasSize(1);
      assertThat(second.err()).contains("Another run is writing to " + shards);
    }
    assertThat(prepare().status()).isZero();
  }

  @Test
  @Timeout(120)
  void aPipeIsRefusedBeforeItIsOpened() throws Exception {
    Path image = images().get(1);
    Path description = scans.resolve("dataset.yaml");
    makePipe(image);
    assertThat(prepare().status()).isZero();
    assertThat(rejected()).hasSize(1);
    assertThat(rejected().get(0).getString(2)).contains(image + " is a pipe");
    makePipe(description);
    CommandLineResult result = prepare();
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.err()).contains(description + " is a pipe");
  }

  private static void makePipe(Path path) throws IOException, InterruptedException {
    Files.delete(path);
    assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor()).isZero();
  }

  @Test
  void maskValuesThatAreNotDeclaredAreNamedAndNoSampleIsNoSuccess() throws IOException {
    Files.writeString(scans.resolve("dataset.yaml"), "labels: {77: organ}\n");
    CommandLineResult result = prepare();
    assertThat(result.status()).isEqualTo(3);
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.err())
        .contains("None of the prepared cases (3) gives a sample")
        .contains("label values are not declared under labels")
        .contains("1 in 3 cases");
    assertThat(shards.resolve("manifest.json")).doesNotExist();
    Files.writeString(scans.resolve("dataset.yaml"), "labels: {1: liver}\n");
    CommandLineResult partly = prepare();
    assertThat(partly.status()).isZero();
    assertThat(partly.out()).contains("  liver: 3 samples of 3 cases").contains("Warning: ");
    assertThat(summary().path("metrics").path("warnings").asInt()).isEqualTo(3);
    assertThat(Files.readString(shards.resolve("findings.csv"))).contains("UNDECLARED");
  }

  @Test
  void anUnwritableOutputIsOneSentenceAndStatusFour() throws IOException {
    shards = Files.writeString(folder.resolve("a-file"), "x").resolve("below");
    CommandLineResult result = prepare();
    assertThat(result.status()).isEqualTo(4);
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.err()).contains("a-file").contains("Cannot write");
  }

  @Test
  void anInputWithoutADescriptionIsStatusTwo() throws IOException {
    Files.delete(scans.resolve("dataset.yaml"));
    CommandLineResult result = prepare();
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.err()).contains("dataset.yaml");
  }
}
