package io.medvol.model.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.model.weights.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelDirectoryTest {
  @TempDir Path root;

  @BeforeEach
  void fill() throws IOException {
    Files.writeString(root.resolve("config.json"), "{\"model_type\": \"qwen3_vl\"}");
    Files.writeString(root.resolve("tokenizer.json"), "{}");
    Files.writeString(root.resolve("preprocessor_config.json"), "{}");
    Files.writeString(root.resolve("tokenizer_config.json"), "{\"chat_template\": \"inner\"}");
    Files.writeString(root.resolve("model.safetensors"), "weights");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"config.json", "tokenizer.json", "preprocessor_config.json", "model.safetensors"})
  void aMissingFileIsNamed(String name) throws IOException {
    Files.delete(root.resolve(name));
    assertThatThrownBy(() -> ModelDirectory.open(root))
        .isInstanceOfSatisfying(
            MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageContaining(root.toString())
        .hasMessageContaining(name)
        .hasMessageContaining("expected");
  }

  @Test
  void aMissingFolderIsNamed() {
    Path absent = root.resolve("absent");
    assertThatThrownBy(() -> ModelDirectory.open(absent))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("There is no model directory at " + absent);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[1]", "{}", "{\"model_type\": 3}"})
  void aConfigThatNamesNoModelIsRefused(String content) throws IOException {
    Files.writeString(root.resolve("config.json"), content);
    assertThatThrownBy(() -> ModelDirectory.open(root))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("config.json");
  }

  @Test
  void shardsComeFromTheIndex() throws IOException {
    Files.delete(root.resolve("model.safetensors"));
    Path index = root.resolve("model.safetensors.index.json");
    Files.writeString(
        index,
        "{\"weight_map\": {\"b\": \"m-2.safetensors\", \"a\": \"m-1.safetensors\","
            + " \"c\": \"m-1.safetensors\"}}");
    Files.writeString(root.resolve("m-1.safetensors"), "");
    assertThatThrownBy(() -> ModelDirectory.open(root))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("m-2.safetensors");
    Files.writeString(root.resolve("m-2.safetensors"), "");
    assertThat(ModelDirectory.open(root).weightFiles())
        .containsExactly(root.resolve("m-1.safetensors"), root.resolve("m-2.safetensors"));
  }

  @Test
  void aShardOutsideTheFolderIsRefused() throws IOException {
    Files.delete(root.resolve("model.safetensors"));
    Files.writeString(
        root.resolve("model.safetensors.index.json"),
        "{\"weight_map\": {\"a\": \"../other/m.safetensors\"}}");
    assertThatThrownBy(() -> ModelDirectory.open(root))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("../other/m.safetensors");
  }

  @Test
  void theChatTemplateIsTheMostSpecificOne() throws IOException {
    assertThat(ModelDirectory.open(root).chatTemplate()).isEqualTo("inner");
    Files.writeString(
        root.resolve("chat_template.json"),
        "{\"chat_template\": [{\"name\": \"tools\", \"template\": \"t\"},"
            + " {\"name\": \"default\", \"template\": \"json\"}]}");
    assertThat(ModelDirectory.open(root).chatTemplate()).isEqualTo("json");
    Files.writeString(root.resolve("chat_template.jinja"), "jinja");
    assertThat(ModelDirectory.open(root).chatTemplate()).isEqualTo("jinja");
  }

  @Test
  @Timeout(20)
  void aPipeInPlaceOfAFileIsRefusedBeforeItIsOpened() throws Exception {
    ModelDirectory directory = ModelDirectory.open(root);
    for (String name : List.of("chat_template.jinja", "pipe.safetensors")) {
      String pipe = root.resolve(name).toString();
      assertThat(new ProcessBuilder("mkfifo", pipe).start().waitFor()).isZero();
    }
    for (ThrowingCallable opening :
        List.<ThrowingCallable>of(
            directory::chatTemplate,
            () -> SafetensorsFile.open(root.resolve("pipe.safetensors")))) {
      assertThatThrownBy(opening)
          .isInstanceOfSatisfying(
              MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
          .hasMessageContaining("is a pipe, a device or a socket");
    }
  }

  @Test
  void noChatTemplateIsSaid() throws IOException {
    Files.delete(root.resolve("tokenizer_config.json"));
    ModelDirectory directory = ModelDirectory.open(root);
    assertThatThrownBy(directory::chatTemplate)
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("has no chat template");
  }

  @Test
  void aCheckpointGetsEverythingButTheWeights() throws IOException {
    Files.writeString(root.resolve(".hidden.json"), "");
    Files.createDirectory(root.resolve("folder.json"));
    Files.writeString(root.resolve("merges.txt"), "#version: 0.2");
    Path target = root.resolve("out/checkpoint");
    ModelDirectory.open(root).copySideFiles(target);
    try (var files = Files.list(target)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "config.json",
              "tokenizer.json",
              "preprocessor_config.json",
              "tokenizer_config.json",
              "merges.txt");
    }
    assertThat(target.resolve("merges.txt")).hasContent("#version: 0.2");
  }
}
