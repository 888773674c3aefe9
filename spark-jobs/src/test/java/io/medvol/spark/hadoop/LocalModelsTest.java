package io.medvol.spark.hadoop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.LocalStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalModelsTest {
  @TempDir private Path folder;

  private LocalModel copy() {
    return LocalModels.copy(new LocalStorage(), folder.toString());
  }

  @Test
  void aFolderIsCopiedOnceUntilItChanges() throws IOException {
    Files.writeString(folder.resolve("config.json"), "{}");
    Files.writeString(folder.resolve("model.safetensors"), folder.toString());
    LocalModel first = copy();
    assertThat(first.folder().resolve("model.safetensors")).hasContent(folder.toString());
    assertThat(copy()).isEqualTo(first);
    assertThat(LocalModels.of("s3a://anywhere/model", first.digest())).isEqualTo(first);
    Files.writeString(folder.resolve("config.json"), "[]");
    LocalModel changed = copy();
    assertThat(changed.digest()).isNotEqualTo(first.digest());
    assertThat(changed.folder().resolve("config.json")).hasContent("[]");
    assertThat(first.folder().resolve("config.json")).hasContent("{}");
  }

  @Test
  void theStateOfTheOptimizerStaysWhereItIs() throws IOException {
    Files.writeString(folder.resolve("model.safetensors"), folder.toString());
    Files.writeString(folder.resolve("trainer_state.safetensors"), "x");
    Files.createDirectory(folder.resolve("original"));
    assertThat(copy().folder()).isDirectoryNotContaining("glob:**trainer_state.safetensors");
  }

  @Test
  void aFolderThatIsNotTheOneOfTheRunIsRefused() {
    assertThatThrownBy(() -> LocalModels.of(folder.toString(), "0".repeat(64)))
        .isInstanceOfSatisfying(
            MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED_DATA))
        .hasMessageContaining("has changed since this run began");
  }

  @Test
  void aFolderWithoutAModelIsTheUsersToPutRight() {
    assertThatThrownBy(this::copy)
        .isInstanceOfSatisfying(
            MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageContaining(folder.toString());
  }
}
