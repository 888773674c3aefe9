package io.medvol.spark.cli;

import io.medvol.data.config.EffectiveConfig;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.grpo.segment.MeasurementReport;
import io.medvol.model.sam2.MedSam2Settings;
import io.medvol.model.sam2.SegmenterBundle;
import io.medvol.reward.propagation.MaskPropagator;
import io.medvol.reward.propagation.RegionGrowPropagator;
import io.medvol.spark.config.MedVolConfig;
import io.medvol.spark.hadoop.Storages;
import io.medvol.spark.job.OutputFolder;
import io.medvol.spark.job.SegmenterJob;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says how good a segmenter is on phantoms. */
@Command(
    name = "measure-segmenter",
    mixinStandardHelpOptions = true,
    description =
        "Measures a segmenter on held-out phantoms from exact and from wrong boxes, beside an"
            + " ellipse drawn in the box.",
    footer = {"", "Example: medvol measure-segmenter --run runs/measurement"})
final class MeasureSegmenterCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions config;

  @Option(
      names = "--run",
      required = true,
      paramLabel = "DIR",
      description = "Folder for measurement.txt, .json and .csv; made if absent.")
  private String run;

  @Option(
      names = "--segmenter",
      paramLabel = "DIR",
      description =
          "Folder of a bundle, or region-grower; the bundle that comes with the platform if absent.")
  private String segmenter;

  @Override
  public Integer call() {
    EffectiveConfig<MedVolConfig> effective = config.load(List.of());
    String to = Storages.absolute(run);
    ConsoleProgress progress = ConsoleProgress.on(spec.commandLine().getOut());
    OutputFolder folder = OutputFolder.open(Storages.here(to), to, spec.name(), effective);
    SegmenterJob job = new SegmenterJob(effective.value().segmenterMeasurement(), progress);
    try (MaskPropagator measured = propagator()) {
      MeasurementReport report = job.measure(measured, folder);
      folder.finish(SegmenterJob.metrics(report));
    }
    progress.say("Figures: " + folder.resolve("measurement.json"));
    return 0;
  }

  private MaskPropagator propagator() {
    if (segmenter == null) {
      return SegmenterBundle.shipped(MedSam2Settings.DEFAULT);
    }
    if (segmenter.equals("region-grower")) {
      return new RegionGrowPropagator();
    }
    requireLocal("--segmenter", segmenter);
    return SegmenterBundle.open(Path.of(Storages.absolute(segmenter)))
        .propagator(MedSam2Settings.DEFAULT);
  }

  static void requireLocal(String option, String folder) {
    if (Storages.isRemote(folder)) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          option + " is " + folder + "; a segmenter needs a folder on a local disk.");
    }
  }
}
