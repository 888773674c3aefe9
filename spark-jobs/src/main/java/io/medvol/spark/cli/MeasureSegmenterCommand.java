package io.medvol.spark.cli;

import io.medvol.data.config.EffectiveConfig;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.shard.ShardDataset;
import io.medvol.grpo.segment.MeasurementReport;
import io.medvol.grpo.segment.ScanReport;
import io.medvol.model.propagator.PropagatorConfig;
import io.medvol.model.propagator.Propagators;
import io.medvol.model.sam2.MedSam2Settings;
import io.medvol.model.sam2.SegmenterBundle;
import io.medvol.reward.propagation.MaskPropagator;
import io.medvol.reward.propagation.RegionGrowPropagator;
import io.medvol.spark.config.MedVolConfig;
import io.medvol.spark.hadoop.Storages;
import io.medvol.spark.job.OutputFolder;
import io.medvol.spark.job.SegmenterJob;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says how good a segmenter is on phantoms, or on scans with labels. */
@Command(
    name = "measure-segmenter",
    mixinStandardHelpOptions = true,
    description =
        "Measures a segmenter from ground-truth boxes, beside an ellipse drawn in the box: on held-out"
            + " phantoms, with wrong boxes too, or on prepared scans.",
    footer = {
      "",
      "Example: medvol measure-segmenter --run runs/measurement",
      "Example: medvol measure-segmenter --shards shards --segmenter config --run runs/scans"
    })
final class MeasureSegmenterCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions config;

  @Option(
      names = "--run",
      required = true,
      paramLabel = "DIR",
      description =
          "Folder for measurement.txt, .json and .csv, or scans.txt, .json and overlays; made if"
              + " absent.")
  private String run;

  @Option(
      names = "--segmenter",
      paramLabel = "DIR",
      description =
          "Folder of a bundle, region-grower, or config: what the keys below propagator name; the"
              + " bundle that comes with the platform if absent.")
  private String segmenter;

  @Option(
      names = "--shards",
      paramLabel = "DIR",
      description = "Folder that 'medvol prepare' wrote: measure on its scans.")
  private String shards;

  @Override
  public Integer call() {
    EffectiveConfig<MedVolConfig> effective = config.load(List.of());
    String to = Storages.absolute(run);
    ConsoleProgress progress = ConsoleProgress.on(spec.commandLine().getOut());
    SegmenterJob job = new SegmenterJob(effective.value().segmenterMeasurement(), progress);
    try (RunPlace place = RunPlace.take(to, effective.value().spark());
        MaskPropagator measured = propagator(effective.value().propagator())) {
      OutputFolder folder = OutputFolder.open(place.storage(), to, spec.name(), effective);
      if (shards == null) {
        MeasurementReport report = job.measure(measured, folder);
        folder.finish(SegmenterJob.metrics(report));
        progress.say("Figures: " + folder.resolve("measurement.json"));
      } else {
        ScanReport report = job.measureScans(measured, dataset(), folder);
        folder.finish(Map.of("structures", report.rows().size(), "dice", report.dice()));
        progress.say("Figures: " + folder.resolve("scans.json"));
        progress.say("Pictures: " + folder.resolve("overlays"));
      }
    }
    return 0;
  }

  private ShardDataset dataset() {
    String from = Storages.absolute(shards);
    try {
      return ShardDataset.open(Storages.here(from), from);
    } catch (IOException e) {
      throw new MedVolException(
          ErrorCode.RESOURCE, "Shards " + from + " cannot be read: " + e.getMessage() + ".", e);
    }
  }

  private MaskPropagator propagator(PropagatorConfig configured) {
    if (segmenter == null) {
      return SegmenterBundle.shipped(MedSam2Settings.DEFAULT);
    }
    if (segmenter.equals("region-grower")) {
      return new RegionGrowPropagator();
    }
    if (segmenter.equals("config")) {
      return Propagators.open(configured);
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
