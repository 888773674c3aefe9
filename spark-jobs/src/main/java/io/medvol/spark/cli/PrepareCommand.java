package io.medvol.spark.cli;

import io.medvol.data.config.EffectiveConfig;
import io.medvol.data.dataset.summary.FindingsFile;
import io.medvol.data.dataset.summary.PreparationSummary;
import io.medvol.spark.config.MedVolConfig;
import io.medvol.spark.hadoop.Storages;
import io.medvol.spark.job.OutputFolder;
import io.medvol.spark.job.PrepareJob;
import io.medvol.spark.session.SparkScope;
import io.medvol.spark.session.SparkSessions;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Turns a folder of scans into slice shards. */
@Command(
    name = "prepare",
    mixinStandardHelpOptions = true,
    description =
        "Turns a folder of scans (images/, labels/, dataset.yaml) into slice shards and samples.",
    footer = {"", "Example: medvol prepare --input scans --output shards"})
final class PrepareCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions config;

  @Option(names = "--input", required = true, paramLabel = "DIR", description = "Folder of scans.")
  private String input;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Folder for the shards; made if absent.")
  private String output;

  @Option(names = "--master", paramLabel = "URL", description = "Spark's master, such as local[4].")
  private String master;

  @Override
  public Integer call() throws IOException {
    EffectiveConfig<MedVolConfig> effective = config.load(List.of());
    String from = Storages.absolute(input);
    String to = Storages.absolute(output);
    ConsoleProgress progress = ConsoleProgress.on(spec.commandLine().getOut());
    try (RunPlace place = RunPlace.take(to, effective.value().spark());
        SparkScope spark =
            SparkSessions.open(
                "medvol prepare", effective.value().spark(), Optional.ofNullable(master))) {
      OutputFolder folder = OutputFolder.open(place.storage(), to, "prepare", effective);
      PrepareJob job = new PrepareJob(spark.session(), effective.value().prepare(), progress);
      PreparationSummary summary = job.run(from, folder);
      folder.finish(summary.metrics());
      progress.say("Prepared " + summary.title() + ": " + to);
      summary.lines().forEach(progress::say);
      if (!summary.findings().isEmpty()) {
        progress.say("All rejected cases and warnings: " + folder.resolve(FindingsFile.FILE));
      }
    }
    return 0;
  }
}
