package io.medvol.spark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.config.EffectiveConfig;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.LocalStorage;
import io.medvol.spark.config.MedVolConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFolderTest {
  private static final EffectiveConfig<MedVolConfig> CONFIG =
      new EffectiveConfig<>(MedVolConfig.defaults());

  @TempDir private Path folder;

  private OutputFolder open(String command) {
    return OutputFolder.open(new LocalStorage(), folder.toString(), command, CONFIG);
  }

  private void assertRefused(String command) {
    assertThatThrownBy(() -> open(command))
        .isInstanceOfSatisfying(
            MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageContaining("is of 'medvol sft'; 'medvol " + command + "' would replace");
  }

  @Test
  void aFolderBelongsToTheCommandThatBeganIt() throws IOException {
    open("sft");
    assertThat(folder.resolve("config.yaml")).content().startsWith("# medvol sft\nprepare:");
    assertRefused("grpo");
    open("sft").finish(Map.of());
    assertRefused("evaluate");
  }

  @Test
  void aFolderOfAnEarlierVersionIsKnownByItsSummary() throws IOException {
    open("sft").finish(Map.of());
    Files.writeString(folder.resolve("config.yaml"), CONFIG.yaml());
    assertRefused("grpo");
    open("sft");
  }

  @Test
  void aFolderWithoutARunIsAnyones() throws IOException {
    Files.writeString(folder.resolve("notes.txt"), "x");
    Files.writeString(folder.resolve("summary.json"), "no JSON");
    open("grpo");
  }
}
