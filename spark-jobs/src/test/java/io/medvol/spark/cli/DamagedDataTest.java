package io.medvol.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.data.shard.ShardDataset;
import io.medvol.data.shard.ShardEntry;
import io.medvol.data.storage.LocalStorage;
import io.medvol.model.tiny.TinyPolicyConfig;
import io.medvol.model.tiny.TinyQwen3Vl;
import io.medvol.rollout.prompt.SlicePromptBuilder;
import io.medvol.spark.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands on a data set whose files are not those that were prepared. */
class DamagedDataTest {
  @TempDir private static Path folder;
  private static Path shards;
  private static Path model;
  private static List<Path> files;

  @TempDir private Path run;

  @BeforeAll
  static void prepare() throws IOException {
    SharedSpark.session();
    shards = ColdStart.shards(folder);
    model = folder.resolve("model");
    TinyQwen3Vl.write(
        TinyPolicyConfig.defaults(3).withPhrases(SlicePromptBuilder.fixedTexts()), model);
    files =
        ShardDataset.open(new LocalStorage(), shards.toString()).manifest().shards().stream()
            .map(ShardEntry::path)
            .map(shards::resolve)
            .toList();
  }

  private CommandLineResult grpo() {
    return command("grpo", "--set", "grpo.max-failed-share=1", "--steps", "1");
  }

  private CommandLineResult command(String name, String... more) {
    String[] arguments =
        List.of(
                name,
                "--shards",
                shards.toString(),
                "--model",
                model.toString(),
                "--run",
                run.resolve(name).toString())
            .toArray(new String[7 + more.length]);
    System.arraycopy(more, 0, arguments, 7, more.length);
    return CommandLineResult.of(arguments);
  }

  private void requireRefused(CommandLineResult result, Path shard) {
    assertThat(result.err()).contains(shard.toString()).contains("damaged").contains("Restore");
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.status()).isEqualTo(3);
    requireNothingLearnt();
  }

  private void requireNothingLearnt() {
    for (String command : List.of("grpo", "sft", "evaluate")) {
      assertThat(run.resolve(command).resolve("trajectories")).doesNotExist();
      assertThat(run.resolve(command).resolve("checkpoints")).doesNotExist();
    }
  }

  private static void flipABit(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  void aFlippedBitEndsTheCommandEvenWhereAllSamplesMayFail() throws IOException {
    for (Path shard : files) {
      flipABit(shard);
      try {
        requireRefused(command("evaluate"), shard);
      } finally {
        flipABit(shard);
      }
    }
  }

  @Test
  void aFlippedBitEndsTrainingBeforeAnythingIsLearntFromIt() throws IOException {
    for (Path shard : files) {
      flipABit(shard);
    }
    try {
      for (CommandLineResult trained : List.of(grpo(), command("sft", "--steps", "1"))) {
        assertThat(trained.err()).contains("its SHA-256 is").contains("the manifest lists");
        assertThat(trained.status()).isEqualTo(3);
        requireNothingLearnt();
      }
    } finally {
      for (Path shard : files) {
        flipABit(shard);
      }
    }
  }

  @Test
  void aMissingShardEndsTheCommandBeforeAnySampleIsDrawn() throws IOException {
    Path shard = files.get(files.size() - 1);
    Path elsewhere = Files.move(shard, folder.resolve("elsewhere"));
    try {
      requireRefused(grpo(), shard);
      requireRefused(command("evaluate"), shard);
      requireRefused(command("sft", "--steps", "1"), shard);
    } finally {
      Files.move(elsewhere, shard);
    }
  }
}
