package io.medvol.spark.cli;

import io.medvol.data.config.EffectiveConfig;
import io.medvol.spark.config.MedVolConfig;
import io.medvol.spark.hadoop.Storages;
import io.medvol.spark.job.OutputFolder;
import io.medvol.spark.job.SegmenterJob;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes the small segmenter. */
@Command(
    name = "train-segmenter",
    mixinStandardHelpOptions = true,
    description =
        "Trains a small MedSAM2 on phantoms and measures it; run again, it resumes. The bundle of"
            + " the platform was made by it.",
    footer = {"", "Example: medvol train-segmenter --run runs/segmenter"})
final class TrainSegmenterCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions config;

  @Option(
      names = "--run",
      required = true,
      paramLabel = "DIR",
      description = "Folder on a local disk for checkpoints, measurement and bundle.")
  private String run;

  @Option(names = "--seed", paramLabel = "N", description = "Seed of the run: segmenter.seed.")
  private Long seed;

  @Override
  public Integer call() {
    EffectiveConfig<MedVolConfig> effective =
        config.load(seed == null ? List.of() : List.of("segmenter.seed=" + seed));
    MeasureSegmenterCommand.requireLocal("--run", run);
    String to = Storages.absolute(run);
    ConsoleProgress progress = ConsoleProgress.on(spec.commandLine().getOut());
    OutputFolder folder;
    try (RunPlace place = RunPlace.take(to, effective.value().spark())) {
      folder = OutputFolder.open(place.storage(), to, spec.name(), effective);
      SegmenterJob job = new SegmenterJob(effective.value().segmenterMeasurement(), progress);
      folder.finish(job.train(effective.value().segmenter(), folder));
    }
    progress.say("Bundle: " + folder.resolve("bundle"));
    return 0;
  }
}
