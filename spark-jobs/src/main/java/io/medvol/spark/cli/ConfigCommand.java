package io.medvol.spark.cli;

import io.medvol.data.config.ConfigReference;
import io.medvol.data.config.EffectiveConfig;
import io.medvol.spark.config.MedVolConfig;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Shows, checks and explains the configuration. */
@Command(
    name = "config",
    mixinStandardHelpOptions = true,
    description = "Shows, checks or explains the configuration.",
    synopsisSubcommandLabel = "show|check|docs",
    footer = {"", "Example: medvol config check --config conf/cluster.yaml"})
final class ConfigCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Prints the configuration with every default filled in, as YAML.")
  int show(@Mixin ConfigOptions options) {
    spec.commandLine().getOut().print(options.load(List.of()).yaml());
    spec.commandLine().getOut().flush();
    return 0;
  }

  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description = "Reports every problem of the configuration at once.")
  int check(@Mixin ConfigOptions options) {
    EffectiveConfig<MedVolConfig> config = options.load(List.of());
    spec.commandLine()
        .getOut()
        .println("The configuration is valid; its digest is " + config.digest() + ".");
    return 0;
  }

  @Command(
      name = "docs",
      mixinStandardHelpOptions = true,
      description = "Prints what every key means, as Markdown.")
  int docs() {
    spec.commandLine().getOut().print(ConfigReference.markdown(MedVolConfig.class));
    spec.commandLine().getOut().flush();
    return 0;
  }
}
