package io.medvol.spark.cli;

import io.medvol.data.config.EffectiveConfig;
import io.medvol.spark.config.MedVolConfig;
import io.medvol.spark.hadoop.Storages;
import io.medvol.spark.job.OutputFolder;
import io.medvol.spark.job.PretrainJob;
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

/** Makes the tiny base policy. */
@Command(
    name = "pretrain",
    mixinStandardHelpOptions = true,
    description =
        "Pretrains a tiny policy on phantoms and measures it; run again, it resumes. The policy"
            + " quickstart starts from was made by it.",
    footer = {"", "Example: medvol pretrain --run runs/pretrain"})
final class PretrainCommand implements Callable<Integer> {
  private static final String PRESET = "/conf/pretrain.yaml";

  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions config;

  @Option(
      names = "--run",
      required = true,
      paramLabel = "DIR",
      description = "Folder on a local disk for checkpoints and bundle.")
  private String run;

  @Option(names = "--master", paramLabel = "URL", description = "Spark's master, such as local[4].")
  private String master;

  @Override
  public Integer call() throws IOException {
    EffectiveConfig<MedVolConfig> effective = config.load(PRESET, List.of());
    MeasureSegmenterCommand.requireLocal("--run", run);
    String to = Storages.absolute(run);
    ConsoleProgress progress = ConsoleProgress.on(spec.commandLine().getOut());
    OutputFolder folder;
    try (RunPlace place = RunPlace.take(to, effective.value().spark());
        SparkScope spark =
            SparkSessions.open(
                "medvol pretrain", effective.value().spark(), Optional.ofNullable(master))) {
      folder = OutputFolder.open(place.storage(), to, spec.name(), effective);
      folder.finish(new PretrainJob(spark, effective, progress).run(folder));
    }
    progress.say("Bundle: " + folder.resolve("bundle"));
    return 0;
  }
}
