package io.medvol.spark.hadoop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.LocalStorage;
import io.medvol.model.directory.ModelDigests;
import io.medvol.model.tiny.TinyPolicyConfig;
import io.medvol.model.tiny.TinyQwen3Vl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalModelsTest {
  @TempDir private Path folder;

  private Path copy() {
    return LocalModels.copy(new LocalStorage(), folder.toString());
  }

  @Test
  void aFolderIsCopiedOnceUntilItChanges() throws IOException {
    Files.writeString(folder.resolve("config.json"), "{}");
    Files.writeString(folder.resolve("model.safetensors"), folder.toString());
    Path first = copy();
    assertThat(first.resolve("model.safetensors")).hasContent(folder.toString());
    assertThat(copy()).isEqualTo(first);
    ModelDigests seen = ModelDigests.of(folder);
    assertThat(LocalModels.of("s3a://anywhere/model", seen)).isEqualTo(first);
    Files.writeString(folder.resolve("config.json"), "[]");
    Path changed = copy();
    assertThat(changed.resolve("config.json")).hasContent("[]");
    assertThat(first.resolve("config.json")).hasContent("{}");
  }

  @Test
  void theStateOfTheOptimizerStaysWhereItIs() throws IOException {
    Files.writeString(folder.resolve("model.safetensors"), folder.toString());
    Files.writeString(folder.resolve("trainer_state.safetensors"), "x");
    Files.createDirectory(folder.resolve("original"));
    assertThat(copy()).isDirectoryNotContaining("glob:**trainer_state.safetensors");
  }

  @Test
  void aFolderThatIsNotTheOneOfTheRunIsRefused() throws IOException {
    Files.writeString(folder.resolve("model.safetensors"), "weights of this test alone");
    Files.writeString(folder.resolve("tokenizer.json"), "{}");
    ModelDigests seen = ModelDigests.of(folder);
    assertThat(LocalModels.of(folder.toString(), seen)).isEqualTo(folder);
    Files.writeString(folder.resolve("tokenizer.json"), "[]");
    Files.writeString(folder.resolve("chat_template.jinja"), "x");
    assertThatThrownBy(() -> LocalModels.of(folder.toString(), seen))
        .isInstanceOfSatisfying(
            MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED_DATA))
        .hasMessageContaining("chat_template.jinja is new, tokenizer.json has changed");
  }

  /** A resumed run compares with what its checkpoint recorded, an executor with the driver's. */
  @Test
  void everyFlippedBitOfAnyFileOfAModelIsNoticed() throws IOException {
    TinyQwen3Vl.write(TinyPolicyConfig.defaults(4), folder);
    ModelDigests seen = ModelDigests.of(folder);
    List<Path> files = seen.digests().keySet().stream().map(folder::resolve).toList();
    try (Stream<Path> all = Files.list(folder)) {
      // Nothing reads the merges beside tokenizer.json, which has them, too.
      assertThat(all.filter(file -> !files.contains(file)))
          .containsExactly(folder.resolve("merges.txt"));
    }
    Random random = new Random(15);
    for (int flip = 0; flip < 200; flip++) {
      Path file = files.get(flip % files.size());
      byte[] sound = Files.readAllBytes(file);
      byte[] damaged = sound.clone();
      int bit = random.nextInt(8 * damaged.length);
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(file, damaged);
      assertThatThrownBy(() -> LocalModels.of(folder.toString(), seen))
          .as("bit %d of %s", bit, file)
          .isInstanceOfSatisfying(
              MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED_DATA))
          .hasMessageContaining(file.getFileName() + " has changed");
      Files.write(file, sound);
    }
    assertThat(LocalModels.of(folder.toString(), seen)).isEqualTo(folder);
  }

  @Test
  void aFolderWithoutAModelIsTheUsersToPutRight() {
    assertThatThrownBy(this::copy)
        .isInstanceOfSatisfying(
            MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageContaining(folder.toString());
  }
}
