package io.medvol.spark.cli;

import io.medvol.data.config.ConfigLoader;
import io.medvol.data.config.EffectiveConfig;
import io.medvol.spark.config.MedVolConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The options every command has. */
final class ConfigOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "YAML file with settings; 'medvol config docs' lists them all.")
  private Path file;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "One setting, such as grpo.num-generations=8; wins over the file. Repeatable.")
  private List<String> settings = new ArrayList<>();

  @Option(names = "--verbose", description = "Say more in the log, and where a failure arose.")
  private boolean verbose;

  /** Defaults, then the file, then the settings, then those the command's own options stand for. */
  EffectiveConfig<MedVolConfig> load(List<String> fromOptions) {
    return load(ConfigLoader.of(MedVolConfig.class), fromOptions);
  }

  /** The same on top of a preset inside the jar. */
  EffectiveConfig<MedVolConfig> load(String preset, List<String> fromOptions) {
    try (InputStream in = ConfigOptions.class.getResourceAsStream(preset)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return load(
          ConfigLoader.of(MedVolConfig.class).withYaml(preset.substring(1), text), fromOptions);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private EffectiveConfig<MedVolConfig> load(
      ConfigLoader<MedVolConfig> base, List<String> fromOptions) {
    ConfigLoader<MedVolConfig> loader = file == null ? base : base.withFile(file);
    return loader.withSettings(settings).withSettings(fromOptions).load();
  }

  boolean verbose() {
    return verbose;
  }
}
