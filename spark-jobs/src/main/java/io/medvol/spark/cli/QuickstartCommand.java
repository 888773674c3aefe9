package io.medvol.spark.cli;

import io.medvol.data.config.EffectiveConfig;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.spark.config.MedVolConfig;
import io.medvol.spark.hadoop.Storages;
import io.medvol.spark.job.OutputFolder;
import io.medvol.spark.job.QuickstartJob;
import io.medvol.spark.session.SparkScope;
import io.medvol.spark.session.SparkSessions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The whole way round on phantoms. */
@Command(
    name = "quickstart",
    mixinStandardHelpOptions = true,
    description =
        "Makes phantoms, prepares them, trains a tiny model on them, and writes a report.",
    footer = {"", "Example: medvol quickstart --run runs/quickstart"})
final class QuickstartCommand implements Callable<Integer> {
  private static final String PRESET = "/conf/quickstart.yaml";

  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions config;

  @Option(
      names = "--run",
      paramLabel = "DIR",
      defaultValue = "runs/quickstart",
      description = "Folder for everything it makes; ${DEFAULT-VALUE} if absent.")
  private String run;

  @Option(names = "--seed", paramLabel = "N", description = "Seed of phantoms, model and training.")
  private Long seed;

  @Option(names = "--master", paramLabel = "URL", description = "Spark's master, such as local[4].")
  private String master;

  @Override
  public Integer call() throws IOException {
    EffectiveConfig<MedVolConfig> effective = config.load(PRESET, settings());
    if (Storages.isRemote(run)) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "--run is " + run + "; the quickstart makes a model and needs a folder on a local disk.");
    }
    String to = Storages.absolute(run);
    ConsoleProgress progress = ConsoleProgress.on(spec.commandLine().getOut());
    OutputFolder folder;
    try (RunPlace place = RunPlace.take(to, effective.value().spark());
        SparkScope spark =
            SparkSessions.open(
                "medvol quickstart", effective.value().spark(), Optional.ofNullable(master))) {
      folder = OutputFolder.open(place.storage(), to, spec.name(), effective);
      folder.finish(new QuickstartJob(spark, effective, folder, progress).run());
    }
    progress.say("");
    progress.say("Report:       " + folder.resolve("report/index.html"));
    progress.say("Metrics:      " + folder.resolve("grpo/metrics.jsonl"));
    progress.say("Trajectories: " + folder.resolve("grpo/trajectories") + " (Parquet)");
    progress.say("Checkpoints:  " + folder.resolve("grpo/checkpoints"));
    progress.say("Summary:      " + folder.resolve("summary.json"));
    return 0;
  }

  private List<String> settings() {
    List<String> settings = new ArrayList<>();
    if (seed != null) {
      for (String key : List.of("quickstart.phantoms.seed", "sft.seed", "grpo.seed")) {
        settings.add(key + "=" + seed);
      }
    }
    return settings;
  }
}
