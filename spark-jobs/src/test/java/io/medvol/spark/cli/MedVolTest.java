package io.medvol.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MedVolTest {
  @TempDir private Path folder;

  @Test
  void helpNamesEveryCommandAndEndsWithStatusZero() {
    CommandLineResult result = CommandLineResult.of("--help");
    assertThat(result.status()).isZero();
    assertThat(result.out()).contains("config");
  }

  @Test
  void anUnknownOptionIsOneSentenceAndStatusTwo() {
    CommandLineResult result = CommandLineResult.of("config", "show", "--colour");
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err().lines()).hasSize(2);
    assertThat(result.err()).contains("--colour").contains("medvol config show --help");
  }

  @Test
  void everyProblemOfAConfigurationIsToldAtOnce() throws IOException {
    Path file = folder.resolve("bad.yaml");
    Files.writeString(file, "spark:\n  master: \"\"\n  mastr: local\n");
    CommandLineResult result =
        CommandLineResult.of(
            "config", "check", "--config", file.toString(), "--set", "nowhere.key=1");
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err())
        .contains("spark.master (" + file + ":2)")
        .contains("spark.mastr")
        .contains("nowhere")
        .doesNotContain("\tat ");
  }

  @Test
  void aMissingConfigurationFileIsStatusTwo() {
    CommandLineResult result =
        CommandLineResult.of("config", "check", "--config", folder.resolve("none.yaml").toString());
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.err()).contains("none.yaml does not exist");
  }

  @Test
  void settingsOnTheCommandLineWinOverTheFile() throws IOException {
    Path file = folder.resolve("good.yaml");
    Files.writeString(file, "spark:\n  master: local[3]\n");
    CommandLineResult result =
        CommandLineResult.of(
            "config", "show", "--config", file.toString(), "--set", "spark.master=local[5]");
    assertThat(result.status()).isZero();
    assertThat(result.out()).contains("local[5]");
  }

  @Test
  void theShippedPresetsAreValid() throws IOException {
    try (Stream<Path> files = Files.list(io.medvol.testing.Golden.projectRoot().resolve("conf"))) {
      List<Path> presets = files.filter(file -> file.toString().endsWith(".yaml")).toList();
      assertThat(presets).isNotEmpty();
      for (Path preset : presets) {
        CommandLineResult result =
            CommandLineResult.of("config", "check", "--config", preset.toString());
        assertThat(result.err()).isEmpty();
        assertThat(result.status()).isZero();
      }
    }
  }

  @Test
  void theReferenceListsEveryGroup() {
    CommandLineResult result = CommandLineResult.of("config", "docs");
    assertThat(result.status()).isZero();
    assertThat(result.out()).contains("spark.master").contains("prepare.max-rejected-share");
  }

  @Test
  void noSecretIsShown() {
    String properties =
        "spark.properties={spark.hadoop.fs.azure.account.key.a.dfs.core.windows.net: hush-1,"
            + " spark.executor.extraJavaOptions: \"-Djavax.net.ssl.keyStorePassword=hush-2\"}";
    CommandLineResult shown = CommandLineResult.of("config", "show", "--set", properties);
    assertThat(shown.status()).isZero();
    assertThat(shown.out()).contains("fs.azure.account.key").doesNotContain("hush");
    CommandLineResult wrong = CommandLineResult.of("config", "check", "--set", properties + "}");
    assertThat(wrong.status()).isEqualTo(2);
    assertThat(wrong.out() + wrong.err()).contains("spark.properties").doesNotContain("hush");
    CommandLineResult list =
        CommandLineResult.of(
            "config", "check", "--set", "spark.properties={spark.ssl.keyPassword: [hush-3]}");
    assertThat(list.status()).isEqualTo(2);
    assertThat(list.out() + list.err()).doesNotContain("hush");
  }
}
