package io.medvol.spark.hadoop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.LocalStorage;
import io.medvol.model.directory.ModelDigests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  @Test
  void aFolderWithoutAModelIsTheUsersToPutRight() {
    assertThatThrownBy(this::copy)
        .isInstanceOfSatisfying(
            MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageContaining(folder.toString());
  }
}
